<?php
// junit-counts.php FILE: "passed failed skipped" of a JUnit report; an absent or empty report counts as one failure.

declare(strict_types=1);

$report = is_file($argv[1] ?? '') ? @simplexml_load_file($argv[1]) : false;
$cases = $report ? $report->xpath('//testcase') : [];
if (!$cases) {
    exit("0 1 0\n");
}
$failed = count(array_filter($cases, fn ($case) => isset($case->failure) || isset($case->error)));
$skipped = count(array_filter($cases, fn ($case) => isset($case->skipped)));
echo count($cases) - $failed - $skipped, ' ', $failed, ' ', $skipped, "\n";
