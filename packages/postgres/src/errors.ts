import { StartFailure } from './start-failure.ts'

/** Why an embedded PostgreSQL could not be started, stopped or erased. */
export type EmbeddedPostgresErrorCode =
  /** No binaries for this machine, or they do not run on it. */
  | 'unsupported'
  /** The directory cannot be used: not ours, not writable, or its owner cannot reach it. */
  | 'unusable_directory'
  /** Another process is using the database in this directory. */
  | 'in_use'
  /** Processes of a killed server have not noticed its death yet, after ten seconds of waiting. */
  | 'lingering'
  /** What is in the directory is not a database that this PostgreSQL can open. */
  | 'damaged'
  /** The requested port belongs to somebody else. */
  | 'port_taken'
  /** PostgreSQL ended while starting, for any other reason. */
  | 'start_failed'
  /** It neither started nor ended in the time allowed. */
  | 'timeout'

/** Its message is one sentence for a person: what is wrong and what to do about it. */
export class EmbeddedPostgresError extends StartFailure {
  override readonly name = 'EmbeddedPostgresError'
  readonly code: EmbeddedPostgresErrorCode

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
