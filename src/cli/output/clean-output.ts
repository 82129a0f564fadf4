import type { Redactor } from '../../redact/redactor.ts'

/** The two ways out of the process for text; each holds no registered value. */
export type CleanOutput = Readonly<{
  print: (text: string) => void
  report: (text: string) => void
}>

/**
 * Makes everything that this process says go through the redactor: what we print, and what Node would say
 * of warnings and of errors that nobody caught.
 */
export const cleanOutput = (process: NodeJS.Process, redactor: Redactor): CleanOutput => {
  // A value may come in two pieces; what is held back is said at the end.
  const [output, errors] = [redactor.stream(), redactor.stream()]
  let isUnwritable = false
  const report = (text: string): void => {
    process.stderr.write(errors.write(text))
  }
  // What is being done is brought to its end; that it could not be told shows in the exit code.
  const failed = (error: unknown): void => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it failed'
    // Whoever closed a pipe has read enough.
    if (!isUnwritable && reason !== 'EPIPE')
      report(
        `sower: writing to standard output: ${reason} [OUTPUT_UNWRITABLE]\n       give it a place that takes all of it\n`,
      )
    isUnwritable = true
  }
  const write = (text: string): void => {
    if (isUnwritable || text === '') return
    try {
      process.stdout.write(text)
    } catch (error) {
      failed(error)
    }
  }
  const print = (text: string): void => {
    write(output.write(text))
  }
  process.stdout.on('error', failed)
  // There is nobody left to tell.
  process.stderr.on('error', () => undefined)
  process.once('exit', () => {
    write(output.end())
    const lastError = errors.end()
    if (lastError !== '') process.stderr.write(lastError)
    if (isUnwritable) process.exitCode ||= 2
  })
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => {
    report(`sower: ${name}: ${message}\n`)
  })
  process.on('uncaughtException', error => {
    report(unexpected(error))
    process.exit(1)
  })
  return { print, report }
}

/** The report of an error that nobody expected. */
export const unexpected = (error: unknown): string =>
  `sower: an unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
