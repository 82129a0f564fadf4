import { Command, CommanderError } from 'commander'
import { SowerError } from '../errors.ts'
import type { Redactor } from '../redact/redactor.ts'
import type { Surroundings } from '../surroundings.ts'
import { isForPrograms } from './output-flag.ts'
import { describeError, describeOnOneLine } from './output/describe-error.ts'

/** The command line, and the means with which its commands work. */
type Given = Readonly<{
  surroundings: Surroundings
  /** Cleans what `surroundings` print. */
  redactor: Redactor
  words: readonly string[]
}>

/** Adds commands to the program. */
export type Declare = (program: Command, given: Given) => void | Promise<void>

/**
 * Runs the program with these arguments and the commands that `declare` adds, and resolves to its exit code once it has
 * said all that it has to say. What it learns of secrets it registers with the redactor that cleans what `surroundings`
 * print.
 */
export const runCommandLine = async (given: Given, declare: Declare): Promise<number> => {
  const { surroundings, words } = given
  const program = new Command('sower')
    .description('OpenShift seed images through Git')
    .version('0.1.0', '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({
      writeOut: surroundings.print,
      writeErr: surroundings.report,
      outputError: (text, write) => {
        write(`sower: ${text.replace(/^error: /, '').replace(/\n(?=\()/, ' ')}`)
      },
    })
    .hook('preAction', (_, command) => {
      const { output } = command.opts<{ output?: string }>()
      // The bot has its log.
      if (command.name() === 'bot' || isForPrograms(output ?? '')) surroundings.progress?.end()
    })
  await declare(program, given)
  try {
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    surroundings.progress?.end()
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    // Argo CD shows all of stderr, and people read its last line.
    const isOneLine = program.args[0] === 'generate'
    surroundings.report(isOneLine ? describeOnOneLine(error) : describeError(error))
    return error instanceof SowerError ? error.exitCode : 1
  } finally {
    surroundings.progress?.end()
  }
}
