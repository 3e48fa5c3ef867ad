/** The command line as a function, for tests and for whoever wants to call it from a program. */
export type { ExitCode, Io } from './io.ts'
export { buildProgram, runCli } from './program.ts'
