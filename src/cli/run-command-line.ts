import { Command, CommanderError, Option } from 'commander'
import { InputError, SowerError } from '../errors.ts'
import type { Redactor } from '../redact/redactor.ts'
import { registerBotCommand } from './commands/bot/register-bot-command.ts'
import type { Surroundings } from '../surroundings.ts'
import { describeError, describeOnOneLine } from './output/describe-error.ts'
import { registerEditCommands } from './commands/detach/register-edit-commands.ts'
import { registerScanCommand } from './commands/scan/register-scan-command.ts'
import { registerSecretCommands } from './commands/seal/register-secret-commands.ts'
import { registerStatusCommand } from './commands/status/register-status-command.ts'

/**
 * Runs the program with these arguments, and resolves to its exit code once it has said all that it has to
 * say. What it learns of secrets it registers with the redactor that cleans what `surroundings` print.
 */
export const runCommandLine = async (
  words: readonly string[],
  surroundings: Surroundings,
  redactor: Redactor,
): Promise<number> => {
  const program = await declareProgram(words, surroundings, redactor)
  try {
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    // Argo CD shows all of stderr, and people read its last line.
    const isOneLine = program.args[0] === 'generate'
    surroundings.report(isOneLine ? describeOnOneLine(error) : describeError(error))
    return error instanceof SowerError ? error.exitCode : 1
  }
}

const declareProgram = async (
  words: readonly string[],
  surroundings: Surroundings,
  redactor: Redactor,
): Promise<Command> => {
  const program = new Command('sower')
    .description('OpenShift seed images through Git')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({
      writeOut: surroundings.print,
      writeErr: surroundings.report,
      outputError: (text, write) => {
        write(`sower: ${text.replace(/^error: /, '').replace(/\n(?=\()/, ' ')}`)
      },
    })

  registerRenderCommands(program, surroundings)
  registerEditCommands(program, surroundings)
  registerStatusCommand(program, surroundings, redactor)
  registerScanCommand(program, surroundings)
  registerSecretCommands(program, surroundings)
  await registerBotCommand(program, { surroundings, redactor, words })
  registerDemoCommand(program, surroundings)
  return program
}

/** Declares `sower generate` and `sower inventory`. */
const registerRenderCommands = (program: Command, surroundings: Surroundings): void => {
  program
    .command('generate')
    .description('render a kustomization as Argo CD gets it: kustomize build, then the guards')
    .argument('[directory]', 'the application path', '.')
    .option('--explain', 'tell what each guard says, instead of the render')
    .addOption(
      new Option('--format <format>', 'how to tell it (default: text)').choices(['text', 'json']),
    )
    .action(async (directory: string, options: { explain?: true; format?: 'text' | 'json' }) => {
      const { explain = false, format } = options
      if (format !== undefined && !explain)
        throw new InputError('ARGUMENT_INVALID', 'reading --format: a render has one format', {
          fix: 'leave it out, or add --explain',
        })
      const { generateCommand } = await import('./commands/generate/generate-command.ts')
      await generateCommand(surroundings, {
        directory,
        explain: explain ? (format ?? 'text') : null,
      })
    })

  program
    .command('inventory')
    .description('compare the clusters that a directory renders with its inventory, or write it')
    .argument('[directory]', 'the application path', '.')
    .option('--write', 'write the inventory that `generate` holds renders against')
    .action(async (directory: string, options: { write?: true }) => {
      const { inventoryCommand } = await import('./commands/inventory/inventory-command.ts')
      await inventoryCommand(surroundings, { directory, write: options.write === true })
    })
}

/** Declares `sower demo`. */
const registerDemoCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('demo')
    .description('tell the story of a whole run on a simulated GitHub, hub and seed cluster')
    .option('--scenario <name>', 'run or last-cluster', 'run')
    .option('--json', 'print the events as JSON lines')
    .option(
      '--keep <directory>',
      'where to leave the repositories; default: a new directory in the temporary one',
    )
    .action(async (options: { scenario: string; json?: boolean; keep?: string }) => {
      const { demoCommand } = await import('./commands/demo/demo-command.ts')
      await demoCommand(surroundings, {
        scenario: options.scenario,
        json: options.json === true,
        keep: options.keep ?? null,
      })
    })
}
