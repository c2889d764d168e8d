<?php

declare(strict_types=1);

namespace MesChain\Tests;

/** A port that leads to a server until it is cut: a network that fails; or until it hangs. Runs in a process of its own. */
final class Forwarder
{
    public readonly int $port;

    /** @var resource */
    private $process;

    /** @var resource */
    private $says;

    public function __construct(string $server)
    {
        $code = 'require $argv[1]; MesChain\Tests\Forwarder::serve($argv[2]);';
        $this->process = proc_open(
            [PHP_BINARY, '-n', '-r', $code, '--', __FILE__, $server],
            [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']],
            $pipes,
        );
        $this->says = $pipes[1];
        $this->port = (int) fgets($this->says);
    }

    /** From now on connections are taken by the kernel and nothing is answered, as by a server that is stopped. */
    public function hang(): void
    {
        posix_kill(proc_get_status($this->process)['pid'], SIGSTOP);
    }

    /** Goes on, and says how many connections were made since it was last asked. */
    public function visits(): int
    {
        posix_kill(proc_get_status($this->process)['pid'], SIGCONT);
        // A port serves in order: when this one comes in, all others have.
        $last = stream_socket_client("tcp://127.0.0.1:{$this->port}");
        $name = stream_socket_get_name($last, false);
        for ($visits = 0; trim((string) fgets($this->says)) !== $name; $visits++);
        return $visits;
    }

    public function cut(): void
    {
        if (is_resource($this->process)) {
            proc_terminate($this->process, 9);
            proc_close($this->process);
        }
    }

    public function __destruct()
    {
        $this->cut();
    }

    /** Passes bytes both ways for every connection, until killed. */
    public static function serve(string $server): void
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        echo substr(strrchr(stream_socket_get_name($listener, false), ':'), 1), "\n";
        $peers = [];
        $streams = [$listener];
        while (true) {
            $ready = $streams;
            $none = null;
            stream_select($ready, $none, $none, null);
            foreach ($ready as $stream) {
                if ($stream === $listener) {
                    $client = stream_socket_accept($listener, null, $name);
                    echo $name, "\n";
                    $behind = stream_socket_client("tcp://$server");
                    $peers[(int) $client] = $behind;
                    $peers[(int) $behind] = $client;
                    array_push($streams, $client, $behind);
                    continue;
                }
                $peer = $peers[(int) $stream] ?? null;
                $bytes = fread($stream, 65536);
                if ($bytes === '' || $bytes === false || $peer === null) {
                    $streams = array_values(array_filter($streams, fn ($other) => $other !== $stream && $other !== $peer));
                    unset($peers[(int) $stream]);
                    if ($peer !== null) {
                        unset($peers[(int) $peer]);
                        fclose($peer);
                    }
                    fclose($stream);
                    break;
                }
                fwrite($peer, $bytes);
            }
        }
    }
}
