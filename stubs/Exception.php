<?php

/** The exceptions of MesChain. Catch by class; messages are for people and may change. */

namespace MesChain\Exception;

/** Root of all. */
class MesChainException extends \RuntimeException {}

/** A parameter: which one, what was expected, what came. */
class ArgumentException extends MesChainException {}

/** A setting is malformed. */
class SettingException extends MesChainException {}
/** A setting that this call needs is not set. */
class NotConfiguredException extends SettingException {}

/** The database. */
class DatabaseException extends MesChainException {}
class UnreachableException extends DatabaseException {}
class DeniedException extends DatabaseException {}
class TimeoutException extends DatabaseException {}
class ContentionException extends DatabaseException {}
class StatementException extends DatabaseException {}
/** A table or column is missing: run `meschain migrate`. */
class SchemaException extends DatabaseException {}

/** Redis, Memcached or the on-machine cache. */
class BackendException extends MesChainException {}
/** What was named is not there. */
class NotFoundException extends MesChainException {}
/** Too little data to answer honestly. */
class NotEnoughDataException extends MesChainException {}
/** A file operation failed. */
class FileException extends MesChainException {}
/** A file of ours is torn, altered or of another version. */
class CorruptFileException extends FileException {}
/** A bound on memory, size or count. */
class LimitException extends MesChainException {}
/** Somebody else holds the lock. */
class BusyException extends MesChainException {}
/** The work was cancelled. */
class CancelledException extends MesChainException {}
/** Known, but not possible here. */
class UnsupportedException extends MesChainException {}
/** A bug of ours. */
class InternalException extends MesChainException {}
