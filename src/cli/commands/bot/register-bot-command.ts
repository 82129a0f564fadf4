import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../surroundings.ts'

/** Declares `sower bot`. */
export const registerBotCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const { environment } = surroundings
  program
    .command('bot')
    .description('answer pull requests and drive runs, until it is asked to end')
    .requiredOption(
      '--repository <owner/name>',
      'the GitHub repository (SOWER_REPOSITORY)',
      environment['SOWER_REPOSITORY'],
    )
    .requiredOption(
      '--token-file <file>',
      'a file with a GitHub token (SOWER_TOKEN_FILE)',
      environment['SOWER_TOKEN_FILE'],
    )
    .requiredOption(
      '--webhook-secret-file <file>',
      "a file with the webhook's secret (SOWER_WEBHOOK_SECRET_FILE)",
      environment['SOWER_WEBHOOK_SECRET_FILE'],
    )
    .requiredOption(
      '--kubeconfig <file>',
      'the hub (SOWER_KUBECONFIG)',
      environment['SOWER_KUBECONFIG'],
    )
    .requiredOption(
      '--data <directory>',
      'runs, inbox and clone are kept there (SOWER_DATA)',
      environment['SOWER_DATA'],
    )
    .option(
      '--api-url <url>',
      "GitHub's REST API",
      environment['SOWER_API_URL'] ?? 'https://api.github.com',
    )
    .option(
      '--git-url <url>',
      'where to clone from; default: the repository on github.com',
      environment['SOWER_GIT_URL'],
    )
    .option(
      '--branch <branch>',
      'the branch that Argo CD tracks',
      environment['SOWER_BRANCH'] ?? 'main',
    )
    .option(
      '--namespace <namespace>',
      'the hub namespace for the saved access',
      environment['SOWER_NAMESPACE'] ?? 'sower',
    )
    .option(
      '--listen <host:port>',
      'the address for webhooks',
      environment['SOWER_LISTEN'] ?? '0.0.0.0:8080',
    )
    .option(
      '--poll-interval <seconds>',
      'how often to look when nothing wakes the bot',
      environment['SOWER_POLL_INTERVAL'] ?? '10',
    )
    .option(
      '--registry-ca <file>',
      'an extra certificate authority for the registry',
      environment['SOWER_REGISTRY_CA'],
    )
    .option(
      '--registry-token-host <host>',
      "a token service on another host that may see a registry's credential; may be repeated (SOWER_REGISTRY_TOKEN_HOSTS)",
      appended,
      environment['SOWER_REGISTRY_TOKEN_HOSTS'],
    )
    .option(
      '--registry-insecure <host>',
      'a registry whose certificate is not checked, or http://HOST without TLS; may be repeated (SOWER_REGISTRY_INSECURE)',
      appended,
      environment['SOWER_REGISTRY_INSECURE'],
    )
    .option(
      '--argocd-url <url>',
      "Argo CD's API, for the one sync that empties an application",
      environment['SOWER_ARGOCD_URL'],
    )
    .option(
      '--argocd-token-file <file>',
      'a file with a token that may sync it',
      environment['SOWER_ARGOCD_TOKEN_FILE'],
    )
    .option(
      '--log-level <level>',
      'debug, info, warn or error',
      environment['SOWER_LOG_LEVEL'] ?? 'info',
    )
    .action(async (options: Record<string, string | undefined>) => {
      const { botCommand } = await import('./bot-command.ts')
      await botCommand(surroundings, options, redactor)
    })
}

/** A repeatable option is a list with commas, as in its environment variable. */
const appended = (value: string, before: string | undefined): string =>
  before ? `${before},${value}` : value
