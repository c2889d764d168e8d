<?php

declare(strict_types=1);

namespace MesChain\OpenCart;

/** The admin of a running OpenCart 4, driven over HTTP as a browser would. */
final class Admin
{
    private \CurlHandle $curl;
    private string $token = '';

    /** @param string $url of the shop, with a slash at the end */
    public function __construct(private string $url, private string $folder = 'admin')
    {
        $this->curl = curl_init();
        curl_setopt_array($this->curl, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_COOKIEFILE => '',
            CURLOPT_TIMEOUT => 120,
            CURLOPT_PROXY => '',
            CURLOPT_USERAGENT => 'MesChain',
        ]);
    }

    public function cookie(string $name, string $value): void
    {
        curl_setopt($this->curl, CURLOPT_COOKIE, "$name=$value");
    }

    public function login(string $user, string $password): void
    {
        $page = $this->get('common/login')['body'];
        preg_match('/login_token=([0-9a-f]+)/', $page, $found) || throw new \RuntimeException('The login page has no login_token: ' . self::short($page));
        $answer = $this->json('common/login.login', ['login_token' => $found[1]], ['username' => $user, 'password' => $password]);
        preg_match('/user_token=([0-9a-f]+)/', $answer['redirect'] ?? '', $found) || throw new \RuntimeException('Login refused: ' . json_encode($answer));
        $this->token = $found[1];
    }

    /**
     * @param array<string, scalar> $query
     * @param array<string, mixed>|null $post
     * @return array{status: int, type: string, body: string}
     */
    public function get(string $route, array $query = [], ?array $post = null): array
    {
        return $this->open($this->link($route, $query), $post);
    }

    /** The URL of a route, with the session's token. */
    public function link(string $route, array $query = []): string
    {
        $query = ['route' => $route] + $query + ($this->token === '' ? [] : ['user_token' => $this->token]);
        return "{$this->url}{$this->folder}/index.php?" . http_build_query($query);
    }

    public function json(string $route, array $query = [], ?array $post = null): array
    {
        return $this->decode($this->get($route, $query, $post), $route);
    }

    /** Uploads the package and installs it through OpenCart's own installer, to the last step. Returns its installation's number. */
    public function install(string $zip): int
    {
        $this->succeed($this->json('marketplace/installer.upload', [], ['file' => new \CURLFile($zip, 'application/zip', basename($zip))]));
        $id = $this->listed(json_decode((string) file_get_contents("zip://$zip#install.json"), true)['name']);
        $this->follow($this->json('marketplace/installer.install', ['extension_install_id' => $id]));
        return $id;
    }

    /** The installer's number of a package that is uploaded but not installed; it lists OpenCart's own examples too. */
    private function listed(string $name): int
    {
        foreach (explode('<tr', $this->get('marketplace/installer.list')['body']) as $row) {
            if (str_contains($row, $name) && preg_match('/installer\.install[^"\']*extension_install_id=(\d+)/', $row, $found)) {
                return (int) $found[1];
            }
        }
        throw new \RuntimeException("The installer does not list $name after the upload.");
    }

    public function uninstall(int $id): void
    {
        $this->follow($this->json('marketplace/installer.uninstall', ['extension_install_id' => $id]));
        $this->succeed($this->json('marketplace/installer.delete', ['extension_install_id' => $id]));
    }

    /** Turns on one of the package's parts, or of OpenCart's own: a module, a dashboard widget. */
    public function enable(string $type, string $code, string $extension = 'meschain'): void
    {
        $this->succeed($this->json("extension/$type.install", ['extension' => $extension, 'code' => $code]));
    }

    public function disable(string $type, string $code): void
    {
        $this->succeed($this->json("extension/$type.uninstall", ['extension' => 'meschain', 'code' => $code]));
    }

    /** The installer works in steps, each naming the next. */
    private function follow(array $answer): void
    {
        for ($steps = 0; isset($answer['next']); $steps++) {
            $steps < 200 || throw new \RuntimeException('The installer does not come to an end.');
            $answer = $this->decode($this->open(html_entity_decode($answer['next']), null), $answer['next']);
        }
        $this->succeed($answer);
    }

    private function succeed(array $answer): void
    {
        isset($answer['success']) || throw new \RuntimeException('OpenCart refused: ' . json_encode($answer, JSON_UNESCAPED_UNICODE));
    }

    private function open(string $url, ?array $post): array
    {
        curl_setopt_array($this->curl, [CURLOPT_URL => $url, CURLOPT_POST => $post !== null, CURLOPT_HTTPGET => $post === null]);
        if ($post !== null) {
            $files = array_filter($post, fn ($value) => $value instanceof \CURLFile);
            curl_setopt($this->curl, CURLOPT_POSTFIELDS, $files ? $post : http_build_query($post));
        }
        $body = curl_exec($this->curl);
        $body !== false || throw new \RuntimeException("$url: " . curl_error($this->curl));
        return [
            'status' => curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE),
            'type' => (string) curl_getinfo($this->curl, CURLINFO_CONTENT_TYPE),
            'body' => $body,
        ];
    }

    private function decode(array $response, string $what): array
    {
        $data = json_decode($response['body'], true);
        return is_array($data) ? $data : throw new \RuntimeException("$what answered {$response['status']} without JSON: " . self::short($response['body']));
    }

    private static function short(string $html): string
    {
        return substr(trim((string) preg_replace('/\s+/', ' ', strip_tags($html))), 0, 400);
    }
}
