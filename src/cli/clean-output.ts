import type { Redactor } from '../redact.ts'

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
  const print = (text: string): void => {
    process.stdout.write(output.write(text))
  }
  const report = (text: string): void => {
    process.stderr.write(errors.write(text))
  }
  process.once('exit', () => {
    const [last, lastError] = [output.end(), errors.end()]
    if (last !== '') process.stdout.write(last)
    if (lastError !== '') process.stderr.write(lastError)
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

/** What is said of an error that nobody expected. */
export const unexpected = (error: unknown): string =>
  `sower: an unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
