#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander'
import { createRedactor } from '../redact.ts'
import { SowerError } from '../errors.ts'
import { cleanOutput } from './clean-output.ts'
import type { Surroundings } from './compose.ts'
import { describeError, describeOnOneLine } from './describe-error.ts'
import { registerEditCommands } from './edit-commands.ts'
import { registerStatusCommand } from './status-command.ts'
import { registerScanCommand } from './scan-command.ts'
import { registerSecretCommands } from './secret-commands.ts'

const redactor = createRedactor()
const { print, report } = cleanOutput(process, redactor)

const terminated = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        resolve()
      })
  })

const surroundings: Surroundings = {
  environment: process.env,
  directory: process.cwd(),
  print,
  report,
  isTerminal: process.stdout.isTTY,
  columns: process.stdout.isTTY ? process.stdout.columns : 100,
  terminated,
  home: import.meta.dirname,
  node: process.execPath,
}

/** A repeatable option is a list with commas, as in its environment variable. */
const appended = (value: string, before: string | undefined): string =>
  before ? `${before},${value}` : value

const program = new Command('sower')
  .description('OpenShift seed images through Git')
  .version('0.1.0')
  .exitOverride()
  .configureOutput({
    writeOut: print,
    writeErr: report,
    outputError: (text, write) => {
      write(`sower: ${text.replace(/^error: /, '').replace(/\n(?=\()/, ' ')}`)
    },
  })

program
  .command('generate')
  .description('render a kustomization as Argo CD gets it: kustomize build, then the guards')
  .argument('[directory]', 'the application path', '.')
  .option('--explain', 'tell what each guard says, instead of the render')
  .addOption(
    new Option('--format <format>', 'how to tell it').choices(['text', 'json']).default('text'),
  )
  .action(async (directory: string, options: { explain?: true; format: 'text' | 'json' }) => {
    const { generateCommand } = await import('./commands/generate.ts')
    await generateCommand(surroundings, {
      directory,
      explain: options.explain ? options.format : null,
    })
  })

program
  .command('inventory')
  .description('compare the clusters that a directory renders with its inventory, or write it')
  .argument('[directory]', 'the application path', '.')
  .option('--write', 'write the inventory that `generate` holds renders against')
  .action(async (directory: string, options: { write?: true }) => {
    const { inventoryCommand } = await import('./commands/inventory.ts')
    await inventoryCommand(surroundings, { directory, write: options.write === true })
  })

registerEditCommands(program, surroundings)
registerStatusCommand(program, surroundings, redactor)
registerScanCommand(program, surroundings)

registerSecretCommands(program, surroundings)

program
  .command('bot')
  .description('answer pull requests and drive runs, until it is asked to end')
  .requiredOption(
    '--repository <owner/name>',
    'the GitHub repository (SOWER_REPOSITORY)',
    process.env['SOWER_REPOSITORY'],
  )
  .requiredOption(
    '--token-file <file>',
    'a file with a GitHub token (SOWER_TOKEN_FILE)',
    process.env['SOWER_TOKEN_FILE'],
  )
  .requiredOption(
    '--webhook-secret-file <file>',
    "a file with the webhook's secret (SOWER_WEBHOOK_SECRET_FILE)",
    process.env['SOWER_WEBHOOK_SECRET_FILE'],
  )
  .requiredOption(
    '--kubeconfig <file>',
    'the hub (SOWER_KUBECONFIG)',
    process.env['SOWER_KUBECONFIG'],
  )
  .requiredOption(
    '--data <directory>',
    'runs, inbox and clone are kept there (SOWER_DATA)',
    process.env['SOWER_DATA'],
  )
  .option(
    '--api-url <url>',
    "GitHub's REST API",
    process.env['SOWER_API_URL'] ?? 'https://api.github.com',
  )
  .option(
    '--git-url <url>',
    'where to clone from; default: the repository on github.com',
    process.env['SOWER_GIT_URL'],
  )
  .option(
    '--branch <branch>',
    'the branch that Argo CD tracks',
    process.env['SOWER_BRANCH'] ?? 'main',
  )
  .option(
    '--namespace <namespace>',
    'the hub namespace for the saved access',
    process.env['SOWER_NAMESPACE'] ?? 'sower',
  )
  .option(
    '--listen <host:port>',
    'the address for webhooks',
    process.env['SOWER_LISTEN'] ?? '0.0.0.0:8080',
  )
  .option(
    '--poll-interval <seconds>',
    'how often to look when nothing wakes the bot',
    process.env['SOWER_POLL_INTERVAL'] ?? '10',
  )
  .option(
    '--registry-ca <file>',
    'an extra certificate authority for the registry',
    process.env['SOWER_REGISTRY_CA'],
  )
  .option(
    '--registry-token-host <host>',
    "a token service on another host that may see a registry's credential; may be repeated (SOWER_REGISTRY_TOKEN_HOSTS)",
    appended,
    process.env['SOWER_REGISTRY_TOKEN_HOSTS'],
  )
  .option(
    '--registry-insecure <host>',
    'a registry whose certificate is not checked, or http://HOST without TLS; may be repeated (SOWER_REGISTRY_INSECURE)',
    appended,
    process.env['SOWER_REGISTRY_INSECURE'],
  )
  .option(
    '--argocd-url <url>',
    "Argo CD's API, for the one sync that empties an application",
    process.env['SOWER_ARGOCD_URL'],
  )
  .option(
    '--argocd-token-file <file>',
    'a file with a token that may sync it',
    process.env['SOWER_ARGOCD_TOKEN_FILE'],
  )
  .option(
    '--log-level <level>',
    'debug, info, warn or error',
    process.env['SOWER_LOG_LEVEL'] ?? 'info',
  )
  .action(async (options: Record<string, string | undefined>) => {
    const { botCommand } = await import('./commands/bot.ts')
    await botCommand(surroundings, options, redactor)
  })

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
    const { demoCommand } = await import('./commands/demo.ts')
    await demoCommand(surroundings, {
      scenario: options.scenario,
      json: options.json === true,
      keep: options.keep ?? null,
    })
  })

try {
  await program.parseAsync()
} catch (error) {
  // Argo CD shows all of stderr, and people read its last line.
  const isOneLine = program.args[0] === 'generate'
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    surroundings.report(isOneLine ? describeOnOneLine(error) : describeError(error))
    process.exitCode = error instanceof SowerError ? error.exitCode : 1
  }
}
