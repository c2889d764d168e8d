<?php
// Syntax of every PHP file that is ours, checked in this one process, and the layout rules that a reader counts on.

declare(strict_types=1);

$root = dirname(__DIR__);
$files = new RecursiveIteratorIterator(new RecursiveCallbackFilterIterator(
    new RecursiveDirectoryIterator($root, FilesystemIterator::SKIP_DOTS),
    fn ($file) => !in_array($file->getFilename(), ['target', 'vendor', 'node_modules', '.git', '.run', '.cache', 'dist'], true),
));
$wrong = [];
foreach ($files as $file) {
    $path = $file->getPathname();
    $text = $file->getExtension() === 'php' || $file->getFilename() === 'meschain' ? file_get_contents($path) : '';
    if ($text === '' || !str_contains(substr($text, 0, 64), '<?php')) {
        continue;
    }
    $name = substr($path, strlen($root) + 1);
    try {
        token_get_all($text, TOKEN_PARSE);
    } catch (ParseError $error) {
        $wrong[] = "$name:{$error->getLine()}: {$error->getMessage()}";
    }
    if (preg_match('/[ \t]+$/m', $text)) {
        $wrong[] = "$name: white space at the end of a line";
    }
    if (!str_ends_with($text, "\n")) {
        $wrong[] = "$name: no newline at the end";
    }
}
foreach ($wrong as $line) {
    echo $line, "\n";
}
exit($wrong ? 1 : 0);
