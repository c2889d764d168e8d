<?php

declare(strict_types=1);

namespace MesChain\Cli;

/** The doctor's machine words as sentences that say what to do. */
final class Remedies
{
    private const SENTENCES = [
        'set_database_url' => 'Set meschain.database_url in php.ini, or use --opencart DIR.',
        'start_database' => 'Start the database server, or correct host and port.',
        'check_database' => 'Look at the database server\'s log; the address answers, but not as it should.',
        'check_credentials' => 'Correct user and password in meschain.database_url, or the user\'s rights to log in from here.',
        'create_database' => 'Create the database that meschain.database_url names, or correct the name.',
        'upgrade_database' => 'Move to MariaDB 10.6 or MySQL 8.0, or newer.',
        'wait_and_retry' => 'The server was too busy to answer; try again.',
        'grant_privileges' => 'Grant the missing privileges: GRANT ... ON shop.* TO the user of meschain.database_url.',
        'enable_innodb' => 'Turn on InnoDB; MesChain needs transactions and row locks.',
        'sync_clock' => 'Set both machines\' clocks by NTP: jobs and days of reports rely on them.',
        'check_table_prefix' => 'OpenCart\'s tables are not there under this prefix: correct meschain.table_prefix, or run: meschain sample',
        'migrate' => 'Run: meschain migrate',
        'restore_migrations' => 'A migration that was applied has been altered since; put back the files of the installed version.',
        'start_worker' => 'Jobs wait and nobody takes them. Run: meschain worker',
        'look_at_dead_jobs' => 'Some jobs gave up. See: meschain jobs --status dead',
        'check_reporting_database' => 'Correct meschain.reporting_database_url, or leave it out to read from the main database.',
        'set_data_dir' => 'Set meschain.data_dir to a folder of the web server\'s user: models, snapshot and cache live there.',
        'create_data_dir' => 'Create the folder, mode 0700, owned by the web server\'s user.',
        'make_data_dir_writable' => 'Give the folder to the user that PHP runs as: chown -R www-data: FOLDER',
        'restrict_data_dir' => 'Close the folder to others: chmod 700 FOLDER',
    ];

    public static function sentence(string $word): string
    {
        return self::SENTENCES[$word] ?? str_replace('_', ' ', $word);
    }

    /** Every word that has a sentence. @return list<string> */
    public static function words(): array
    {
        return array_keys(self::SENTENCES);
    }
}
