import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'

/**
 * Declares `sower bot`, and its options only where the words of the command line name it: they are read from
 * schemas, whose load every other command would pay for.
 */
export const registerBotCommand = async (
  program: Command,
  {
    surroundings,
    redactor,
    words,
  }: Readonly<{ surroundings: Surroundings; redactor: Redactor; words: readonly string[] }>,
): Promise<void> => {
  const command = program
    .command('bot')
    .description('answer pull requests and drive runs, until it is asked to end')
    .action(async (options: Record<string, string | undefined>) => {
      const { runBot } = await import('../../../bot/run-bot.ts')
      await runBot(surroundings, options, redactor)
    })
  if (!words.includes('bot')) return
  const { botFlags } = await import('../../../bot/bot-options.ts')
  for (const { flag, value, help, variable, standard, isRequired, isRepeatable } of botFlags) {
    const flags = `${flag} ${value}`
    const given = surroundings.environment[variable] || standard
    if (isRequired) command.requiredOption(flags, help, given)
    else if (isRepeatable) command.option(flags, help, appended, given)
    else command.option(flags, help, given)
  }
}

const appended = (value: string, before: string | undefined): string =>
  before ? `${before},${value}` : value
