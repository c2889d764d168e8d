<?php

namespace MesChainConsole;

/** OpenCart's small database contract over PDO. Connects at the first query; the address comes from the INI. */
final class Database
{
    /** SQLSTATE: base table or view not found. */
    private const NO_TABLE = '42S02';

    private ?\PDO $pdo = null;
    private int $affected = 0;

    public function __construct(private string $url)
    {
    }

    /** @return object{num_rows:int,row:array<string,string>,rows:list<array<string,string>>} */
    public function query(string $sql): object
    {
        $statement = $this->statement($sql);
        $rows = $statement->columnCount() > 0 ? $statement->fetchAll(\PDO::FETCH_ASSOC) : [];
        $this->affected = $statement->rowCount();

        return (object)['num_rows' => count($rows), 'row' => $rows[0] ?? [], 'rows' => $rows];
    }

    private function statement(string $sql): \PDOStatement
    {
        try {
            return $this->pdo()->query($sql);
        } catch (\PDOException $error) {
            throw $error->getCode() === self::NO_TABLE ? new NoShop($error->getMessage()) : $error;
        }
    }

    public function escape(string $value): string
    {
        return substr($this->pdo()->quote($value), 1, -1);
    }

    public function countAffected(): int
    {
        return $this->affected;
    }

    public function getLastId(): int
    {
        return (int)$this->pdo()->lastInsertId();
    }

    public function isConnected(): bool
    {
        return $this->pdo !== null;
    }

    private function pdo(): \PDO
    {
        if ($this->pdo === null) {
            $parts = $this->url === '' ? false : parse_url($this->url);
            if ($parts === false || ($parts['scheme'] ?? '') !== 'mysql' || trim($parts['path'] ?? '', '/') === '') {
                throw new NoDatabase('meschain.database_url is not set to an address like mysql://user:password@host/database.');
            }
            parse_str($parts['query'] ?? '', $options);
            $this->pdo = self::connect($parts, $options);
        }

        return $this->pdo;
    }

    private static function connect(array $parts, array $options): \PDO
    {
        $name = 'mysql:dbname=' . rawurldecode(trim($parts['path'], '/')) . ';charset=utf8mb4';
        $name .= isset($options['socket'])
            ? ';unix_socket=' . $options['socket']
            : ';host=' . ($parts['host'] ?? '127.0.0.1') . ';port=' . ($parts['port'] ?? 3306);
        try {
            return new \PDO($name, rawurldecode($parts['user'] ?? ''), rawurldecode($parts['pass'] ?? ''), [
                \PDO::ATTR_ERRMODE            => \PDO::ERRMODE_EXCEPTION,
                \PDO::ATTR_STRINGIFY_FETCHES  => true,
                \PDO::ATTR_TIMEOUT            => 5,
                \PDO::MYSQL_ATTR_INIT_COMMAND => "SET time_zone = '+00:00'",
            ]);
        } catch (\PDOException $error) {
            // PDO's trace holds the password; this one does not.
            throw new DatabaseAway('The database cannot be reached (' . $error->getCode() . ').');
        }
    }
}
