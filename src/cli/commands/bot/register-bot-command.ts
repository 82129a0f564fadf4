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
    .description('answer pull requests and drive runs, until it is stopped')
    .action(async (options: Record<string, string | boolean | undefined>) => {
      const { runBot } = await import('../../../bot/run-bot.ts')
      const { once, ...rest } = options
      // One round has no time for deliveries: it looks for them on GitHub.
      const given = asWords(once === true ? { ...rest, webhook: false } : rest)
      await runBot(surroundings, given, redactor, once === true ? 'once' : null)
    })
  if (!words.includes('bot') && !words.includes('completion')) return
  if (words.includes('--app-manifest')) {
    declareManifest(command, surroundings)
    return
  }
  command.option('--app-manifest', 'print the manifest of a GitHub App, and say how to create it')
  command.option('--once', 'do what is due now, without a webhook, and end: for a CronJob')
  await declareFlags(command, surroundings)
}

/** Declares the options of the bot, without those whose flag is in `without`, and with other defaults for some. */
export const declareFlags = async (
  command: Command,
  surroundings: Surroundings,
  {
    without = [],
    standards = {},
  }: Readonly<{
    without?: readonly string[]
    standards?: Readonly<Record<string, string | undefined>>
  }> = {},
): Promise<void> => {
  const { botFlags } = await import('../../../bot/bot-options.ts')
  for (const declared of botFlags.filter(({ flag }) => !without.includes(flag))) {
    const { flag, short, value, help, variable, standard } = declared
    const { isRequired, isRepeatable, isSwitch } = declared
    const flags = `${short === undefined ? '' : `${short}, `}${flag} ${value}`.trimEnd()
    const given = surroundings.environment[variable] || (standards[flag] ?? standard)
    if (isSwitch) command.option(flags, help, given !== 'true')
    else if (isRequired) command.requiredOption(flags, help, given)
    else if (isRepeatable) command.option(flags, help, appended, given)
    else command.option(flags, help, given)
  }
}

/** `--app-manifest` takes few of the options, and needs no more than the repository. */
const declareManifest = (command: Command, { print, report }: Surroundings): void => {
  command
    .option('--app-manifest', 'print the manifest of a GitHub App, and say how to create it')
    .requiredOption('--repository <owner/name>', 'the GitHub repository')
    .option('--web-url <url>', 'GitHub for a browser', 'https://github.com')
    .option('--webhook-url <url>', 'where GitHub reaches the bot; default: nowhere')
    .action(async (options: { repository: string; webUrl: string; webhookUrl?: string }) => {
      const { appManifest, howToCreate } = await import('../../../bot/github/app-manifest.ts')
      const asked = { ...options, webhookUrl: options.webhookUrl ?? null }
      print(`${JSON.stringify(appManifest(asked), null, 2)}\n`)
      report(howToCreate(asked))
    })
}

const appended = (value: string, before: string | undefined): string =>
  before ? `${before},${value}` : value

/** Flags as words: for a switch such as --no-webhook, commander gives `webhook: false`. */
export const asWords = (
  options: Readonly<Record<string, string | boolean | undefined>>,
): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) =>
      typeof value === 'boolean'
        ? [`no${name.charAt(0).toUpperCase()}${name.slice(1)}`, String(!value)]
        : [name, value],
    ),
  )
