//! A door in front of a database server: it counts who comes and what is asked, and can keep everybody waiting as a server does that
//! hangs.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

/// Commands of the protocol that get no answer: quit, send long data, close a statement.
const UNANSWERED: [u8; 3] = [0x01, 0x18, 0x19];

/// Leads from a port of its own to a server. Open until the process ends.
#[derive(Debug, Clone)]
pub struct Door {
    port: u16,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    visits: AtomicUsize,
    trips: AtomicUsize,
    is_stuck: Mutex<bool>,
    moved: Condvar,
}

impl Door {
    /// In front of the server at `place` (`host:port`).
    pub fn before(place: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind a door");
        let port = listener.local_addr().expect("address of the door").port();
        let (place, state) = (place.to_owned(), Arc::new(State::default()));
        let kept = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                kept.visits.fetch_add(1, Ordering::SeqCst);
                let (place, state) = (place.clone(), Arc::clone(&kept));
                std::thread::spawn(move || state.serve(&client, &place));
            }
        });
        Self { port, state }
    }

    /// Where it is.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Connections that were made so far.
    pub fn visits(&self) -> usize {
        self.state.visits.load(Ordering::SeqCst)
    }

    /// Commands so far that the one who asked waits for.
    pub fn trips(&self) -> usize {
        self.state.trips.load(Ordering::SeqCst)
    }

    /// From now on connections are taken, and nothing is answered.
    pub fn hang(&self) {
        *self.state.is_stuck.lock().expect("the door's state") = true;
    }

    /// Lets everything through again.
    pub fn recover(&self) {
        *self.state.is_stuck.lock().expect("the door's state") = false;
        self.state.moved.notify_all();
    }
}

impl State {
    fn serve(&self, client: &TcpStream, place: &str) {
        self.pass();
        let Ok(server) = TcpStream::connect(place) else { return };
        std::thread::scope(|scope| {
            scope.spawn(|| self.pump(client, &server, Some(Commands::default())));
            self.pump(&server, client, None);
        });
    }

    /// Waits while the door is stuck.
    fn pass(&self) {
        let stuck = self.is_stuck.lock().expect("the door's state");
        drop(self.moved.wait_while(stuck, |stuck| *stuck).expect("the door's state"));
    }

    fn pump(&self, mut from: &TcpStream, mut to: &TcpStream, mut commands: Option<Commands>) {
        let mut buffer = [0_u8; 16_384];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let bytes = buffer.get(..count).expect("what was read");
            if let Some(commands) = commands.as_mut() {
                self.trips.fetch_add(commands.read(bytes), Ordering::SeqCst);
            }
            self.pass();
            if to.write_all(bytes).is_err() {
                break;
            }
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }
}

/// Finds commands in what a client sends: packets with the number 0, behind headers of three bytes of length and one of the number.
#[derive(Debug, Default)]
struct Commands {
    header: Vec<u8>,
    left: usize,
    is_first: bool,
}

impl Commands {
    /// How many of the commands that begin in `bytes` get an answer.
    fn read(&mut self, bytes: &[u8]) -> usize {
        let mut found = 0;
        for byte in bytes {
            if self.left == 0 {
                self.header.push(*byte);
                if let [a, b, c, number] = self.header[..] {
                    self.left = usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16;
                    self.is_first = number == 0;
                    self.header.clear();
                }
                continue;
            }
            found += usize::from(self.is_first && !UNANSWERED.contains(byte));
            self.is_first = false;
            self.left -= 1;
        }
        found
    }
}
