//! Keeps child servers no longer than this process: each is killed by the kernel when the thread that started
//! it goes, and that thread lives as long as the process. Folders are removed at exit; those of killed
//! processes at the next start.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

const FOLDER: &str = "meschain-testkit-";

type Request = (Command, Sender<io::Result<Child>>);

static CHILDREN: Mutex<Vec<Child>> = Mutex::new(Vec::new());
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// The folder of this process, `<tmp>/meschain-testkit-<pid>-...`.
pub fn root() -> &'static Path {
    ROOT.get_or_init(|| {
        sweep();
        let prefix = format!("{FOLDER}{}-", std::process::id());
        let root = tempfile::Builder::new().prefix(&prefix).tempdir().expect("temporary folder").keep();
        // SAFETY: `at_exit` is a plain function that takes nothing and does not unwind.
        unsafe { libc::atexit(at_exit) };
        root
    })
}

/// Starts a server and waits until `ready`, for half a minute at most. `log` is shown when it does not come
/// up.
pub fn start(mut command: Command, log: &Path, ready: impl Fn() -> bool) {
    let output = std::fs::File::create(log).expect("log of the server");
    command.stdin(Stdio::null()).stdout(output.try_clone().expect("log")).stderr(output);
    // SAFETY: between fork and exec only `prctl`, which is async-signal-safe, is called.
    unsafe {
        command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        });
    }
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = spawn(command).unwrap_or_else(|error| panic!("cannot start {program}: {error}"));
    let end = Instant::now() + Duration::from_secs(30);
    while !ready() {
        let ended = child.try_wait().expect("state of the server").is_some();
        if ended || Instant::now() > end {
            let said = std::fs::read_to_string(log).unwrap_or_default();
            panic!("{program} did not come up:\n{said}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    CHILDREN.lock().expect("children").push(child);
}

/// Spawns on a thread that never ends: the kernel's parent-death signal follows the thread, and test threads
/// end early.
fn spawn(command: Command) -> io::Result<Child> {
    static KEEPER: OnceLock<Mutex<Sender<Request>>> = OnceLock::new();
    let keeper = KEEPER.get_or_init(|| {
        let (sender, requests) = channel::<Request>();
        let serve =
            move || requests.into_iter().for_each(|(mut command, reply)| drop(reply.send(command.spawn())));
        std::thread::Builder::new().name("testkit-keeper".into()).spawn(serve).expect("keeper thread");
        Mutex::new(sender)
    });
    let (reply, answer) = channel();
    keeper.lock().expect("keeper").send((command, reply)).expect("keeper");
    answer.recv().expect("answer of the keeper")
}

extern "C" fn at_exit() {
    if let Ok(mut children) = CHILDREN.lock() {
        for child in children.iter_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
    if let Some(root) = ROOT.get() {
        let _ = std::fs::remove_dir_all(root);
    }
}

/// Removes what processes left behind that were killed themselves.
fn sweep() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let pid =
            name.to_str().and_then(|name| name.strip_prefix(FOLDER)).and_then(|rest| rest.split('-').next());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
