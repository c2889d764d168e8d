<?php

declare(strict_types=1);

namespace MesChain\Tests;

/** php/bin/meschain as a shell sees it: exit codes, what goes to which stream, JSON. */
final class CommandLineTest extends ShopCase
{
    public function testEveryCommandHasHelp(): void
    {
        $commands = $this->json('help')['commands'];
        self::assertSame(['doctor', 'migrate', 'sample', 'refresh', 'train', 'suggest', 'competitors', 'models', 'quality', 'drift', 'forecast', 'report', 'worker', 'jobs', 'demo', 'help'], array_keys($commands));
        foreach (array_keys($commands) as $command) {
            [$code, $out] = $this->meschain('help', $command);
            self::assertSame(0, $code);
            self::assertStringContainsString("meschain $command", $out);
            self::assertSame($out, $this->meschain($command, '--help')[1]);
        }
    }

    /** @dataProvider wrongUsage */
    public function testWrongUsageIsTwo(array $words, string $says): void
    {
        [$code, $out, $error] = $this->meschain(...$words);
        self::assertSame(2, $code, $error);
        self::assertSame('', $out);
        self::assertStringContainsString($says, $error);
    }

    public static function wrongUsage(): array
    {
        return [
            'command' => [['migrat'], 'Did you mean migrate'],
            'option' => [['report', '--rnage', 'last_7'], 'Did you mean range'],
            'value missing' => [['report', '--range'], '--range needs a value'],
            'value refused by the extension' => [['report', '--range', 'never'], 'never'],
            'two ranges' => [['report', '--range', 'last_7', '--from', '2026-01-01', '--to', '2026-01-02'], 'Either'],
            'argument too many' => [['refresh', 'all'], 'all'],
            'number' => [['report', '--store', 'one'], '--store'],
            'size' => [['sample', '--size', 'huge'], 'huge'],
            'job number' => [['jobs', 'show', 'x'], 'whole number'],
            'worker' => [['worker', '--once', '--seconds', '1'], 'Either'],
            'no file' => [['competitors'], 'FILE.csv'],
            'file that is not there' => [['competitors', '/nowhere.csv'], '/nowhere.csv'],
            'folder of OpenCart' => [['doctor', '--opencart', '/nowhere'], '/nowhere'],
        ];
    }

    public function testWithoutTheExtensionItIsThreeAndSaysHow(): void
    {
        $process = $this->start([PHP_BINARY, '-n', dirname(__DIR__, 2) . '/php/bin/meschain', 'migrate']);
        [$code, $out, $error] = $this->finish($process);
        self::assertSame([3, ''], [$code, $out]);
        self::assertStringContainsString('-d extension=', $error);
    }

    public function testUnreachableDatabaseIsFourAndNotConfiguredIsFive(): void
    {
        $url = 'mysql://shop:hunter2@127.0.0.1:' . self::deadPort() . '/shop';
        [$code, , $error] = $this->meschain('migrate', '--set', "database_url=$url", '--set', 'database_timeout_ms=500');
        self::assertSame(4, $code, $error);
        self::assertStringNotContainsString('hunter2', $error);
        [$code, , $error] = $this->meschain('migrate', '--set', 'database_url=');
        self::assertSame(5, $code, $error);
        self::assertStringContainsString('database_url', $error);
    }

    public function testErrorsAsJson(): void
    {
        [$code, $out] = $this->meschain('report', '--range', 'never', '--json');
        $answer = json_decode($out, true, flags: JSON_THROW_ON_ERROR);
        self::assertSame(2, $code);
        self::assertSame([false, 'ArgumentException', 2], [$answer['ok'], $answer['error']['class'], $answer['error']['exit']]);
    }

    public function testReportInAllItsForms(): void
    {
        [$code, $out, $error] = $this->meschain('report', '--range', 'last_90');
        self::assertSame([0, ''], [$code, $error]);
        foreach (['revenue', 'average order value', 'new customers'] as $figure) {
            self::assertStringContainsString($figure, $out);
        }
        self::assertStringNotContainsString("\e[", $out, 'no colour into a pipe');
        self::assertSame('last_90', $this->json('report', '--range', 'last_90')['range']['preset']);
        [$code, $csv] = $this->meschain('report', '--range', 'last_7', '--section', 'series', '--csv');
        self::assertSame(0, $code);
        self::assertCount(8, explode("\n", trim($csv)));
        [$code, $out] = $this->meschain('report', '--range', 'all', '--verify');
        self::assertSame(0, $code, $out);
        self::assertStringContainsString('equal', $out);
    }

    public function testColumnsAlignWithTurkishLetters(): void
    {
        [, $out] = $this->meschain('report', '--range', 'all', '--section', 'top_products', '--limit', '20');
        $rows = array_values(array_filter(explode("\n", $out), fn ($line) => str_ends_with(rtrim($line), '%')));
        self::assertGreaterThan(5, count($rows));
        self::assertCount(1, array_unique(array_map(mb_strwidth(...), $rows)), $out);
    }

    public function testPricesOfCompetitorsComeFromAFile(): void
    {
        $settings = $this->freshShop();
        (new \MesChain\Shop($settings))->migrate();
        (new \MesChain\Shop($settings))->sample(['size' => 'small', 'seed' => 9])->result();
        $database = trim((string) parse_url($settings['database_url'], PHP_URL_PATH), '/');
        [$id] = self::row("SELECT MIN(product_id) FROM $database.oc_product");
        $file = $this->folder() . '/prices.csv';
        $take = function (string $text, string ...$words) use ($file, $settings): array {
            file_put_contents($file, $text);
            return $this->meschain('competitors', $file, '--set', "database_url={$settings['database_url']}", ...$words);
        };
        [$code, $out, $error] = $take("\xEF\xBB\xBFproduct_id;competitor;price;seen_at\r\n$id;\"Öteki; dükkân\";199.90;2026-01-02 10:00:00\r\n\r\n$id;B;5;\r\n", '--json');
        self::assertSame([0, ['recorded' => 2]], [$code, json_decode($out, true)], $error);
        $rows = self::rows("SELECT product_id, marketplace_id, competitor, price FROM $database.meschain_competitor_prices ORDER BY price");
        self::assertSame([[$id, '1', 'B', '5.0000'], [$id, '1', 'Öteki; dükkân', '199.9000']], array_map(array_values(...), $rows));

        foreach ([
            "product_id,price\n$id,5\n" => 'competitor',
            "product_id,competitor,price,colour\n$id,A,5,red\n" => 'colour',
            "product_id,competitor,price,price\n$id,A,5,6\n" => 'twice',
            "product_id,competitor,price\n$id,C,5\n$id,A\n" => 'Row 3',
            "product_id,competitor,price\n" => 'no rows',
            '' => 'product_id',
            "product_id,competitor,price\n$id,C,5\n$id,=cmd,5\n" => 'rows[1]["competitor"]',
        ] as $text => $says) {
            [$code, $out, $error] = $take($text);
            self::assertSame([2, ''], [$code, $out], $error);
            self::assertStringContainsString($says, $error);
        }
        self::assertSame($rows, self::rows("SELECT product_id, marketplace_id, competitor, price FROM $database.meschain_competitor_prices ORDER BY price"));
    }

    public function testMigrateStatus(): void
    {
        $rows = $this->json('migrate', 'status');
        self::assertSame(['applied'], array_values(array_unique(array_column($rows, 'status'))));
        [$code, $out] = $this->meschain('migrate', '--dry-run');
        self::assertSame(0, $code);
        self::assertStringContainsString('Nothing to do', $out);
    }

    public function testDoctor(): void
    {
        $report = $this->json('doctor');
        self::assertTrue($report['ok'], json_encode($report));
        self::assertContains('PHP', array_column($report['checks'], 'name'));
    }

    public function testEveryRemedyOfTheDoctorHasASentence(): void
    {
        $source = dirname(__DIR__, 2) . '/crates/shop/src/doctor';
        $words = [];
        foreach (["$source.rs", "$source/folder.rs", "$source/grants.rs"] as $file) {
            $pattern = '/Level::(?:Error|Warning)(?:(?!Check::new)[^;])*?"([a-z_]{3,})"\)/';
            preg_match_all($pattern, (string) file_get_contents($file), $found);
            $words = [...$words, ...$found[1]];
        }
        require_once dirname(__DIR__, 2) . '/php/cli/Remedies.php';
        self::assertGreaterThan(5, count($words));
        self::assertSame([], array_values(array_diff($words, \MesChain\Cli\Remedies::words())));
    }

    public function testDemoTour(): void
    {
        $tour = $this->json('demo');
        self::assertTrue($tour['product']['forecast']['available']);
        [$code, $out] = $this->meschain('demo');
        self::assertSame(0, $code, $out);
        foreach (['Forecast', 'Price', 'Category', 'Goes with it'] as $part) {
            self::assertStringContainsString($part, $out);
        }
        self::assertStringNotContainsString('Not yet', $out);
    }

    public function testJobsAndAWorkerThatDoesThemAll(): void
    {
        $id = $this->json('jobs', 'add', 'refresh')['job_id'];
        self::assertSame('queued', $this->json('jobs', 'show', (string) $id)['status']);
        $result = $this->json('worker', '--once');
        self::assertGreaterThanOrEqual(1, $result['done']);
        self::assertSame('done', $this->json('jobs', 'show', (string) $id)['status']);
    }

    public function testAWorkerStopsOnSigtermWithZero(): void
    {
        $process = $this->start([PHP_BINARY, dirname(__DIR__, 2) . '/php/bin/meschain', 'worker']);
        self::assertStringContainsString('Waiting for jobs', (string) fgets($process['pipes'][2]));
        proc_terminate($process['handle'], SIGTERM);
        [$code, $out] = $this->finish($process);
        self::assertSame(0, $code);
        self::assertStringContainsString('0 jobs done', $out);
    }

    public function testProgressGoesToTheErrorStreamAndQuietSilencesIt(): void
    {
        [$code, $out, $error] = $this->meschain('refresh', '--rebuild', '--quiet');
        self::assertSame([0, ''], [$code, $error]);
        self::assertStringContainsString('Rebuilt', $out);
    }

    private function json(string ...$words): array
    {
        [$code, $out, $error] = $this->meschain(...[...$words, '--json']);
        self::assertSame('', $error);
        $answer = json_decode($out, true, flags: JSON_THROW_ON_ERROR);
        self::assertSame(0, $code, $out);
        return $answer;
    }

    /** @return array{int, string, string} exit code, output, errors */
    private function meschain(string ...$words): array
    {
        return $this->finish($this->start([PHP_BINARY, dirname(__DIR__, 2) . '/php/bin/meschain', ...$words]));
    }

    private function start(array $command): array
    {
        $handle = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes);
        return compact('handle', 'pipes');
    }

    /** Reads both streams in turns: a full pipe would stop the other side. */
    private function finish(array $process): array
    {
        $texts = [1 => '', 2 => ''];
        $open = array_intersect_key($process['pipes'], $texts);
        while ($open) {
            $ready = $open;
            $none = null;
            stream_select($ready, $none, $none, 30);
            foreach ($ready as $stream) {
                $number = array_search($stream, $process['pipes'], true);
                $texts[$number] .= fread($stream, 65536);
                if (feof($stream)) {
                    unset($open[$number]);
                }
            }
        }
        return [proc_close($process['handle']), $texts[1], $texts[2]];
    }
}
