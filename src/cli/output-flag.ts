import { Option, type Command } from 'commander'
import { InputError } from '../errors.ts'

/** How a result is printed: `json` and `yaml` for programs, the others for people and where they read it. */
export type OutputForm = 'text' | 'wide' | 'markdown' | 'github' | 'json' | 'yaml'

/** True where a program reads the result. */
export const isForPrograms = (form: string): boolean => form === 'json' || form === 'yaml'

/**
 * Adds `-o`, and `--json`, which is short for `-o json`. Every command that prints a result offers text, json and yaml; `more` are those that it
 * offers besides. Reading another one throws InputError ARGUMENT_INVALID.
 */
export const outputFlag = (command: Command, more: readonly OutputForm[] = []): Command => {
  const offered: readonly OutputForm[] = ['text', ...more, 'json', 'yaml']
  const listed = `${offered.slice(0, -1).join(', ')} or yaml`
  const read = (form: string): OutputForm => {
    const known = offered.find(one => one === form)
    if (known !== undefined) return known
    throw new InputError('ARGUMENT_INVALID', `reading -o: there is no output format ${form}`, {
      fix: `give ${listed}`,
    })
  }
  return command
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(offered)
        .default('text')
        .argParser(read),
    )
    .addOption(new Option('--json', 'the same as -o json').implies({ output: 'json' }))
}
