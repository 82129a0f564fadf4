import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'

type Flags = Readonly<{
  directory: string
  kubeconfig?: string
  context?: string
  repository?: string
  tokenFile?: string
  apiUrl: string
  gitUrl?: string
  branch: string
}>

/** Declares `sower promote`. */
export const registerPromoteCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const of = (variable: string): string | undefined =>
    surroundings.environment[variable] || undefined
  program
    .command('promote')
    .description('open the pull request that sets the proven seed image where it is used')
    .argument('<cluster>', 'the seed, by its spec.clusterName')
    .option(
      '--kubeconfig <file>',
      'the hub, which says whether a group upgrade is under way (SOWER_KUBECONFIG)',
      of('SOWER_KUBECONFIG'),
    )
    .option('--context <name>', 'the context of that kubeconfig; default: its current one')
    .option(
      '--repository <owner/name>',
      'the GitHub repository (SOWER_REPOSITORY)',
      of('SOWER_REPOSITORY'),
    )
    .option(
      '--token-file <file>',
      "a file with a person's GitHub token; without it nothing is pushed (SOWER_TOKEN_FILE)",
      of('SOWER_TOKEN_FILE'),
    )
    .option(
      '--api-url <url>',
      "GitHub's REST API (SOWER_API_URL)",
      of('SOWER_API_URL') ?? 'https://api.github.com',
    )
    .option('--git-url <url>', 'where to clone from (SOWER_GIT_URL)', of('SOWER_GIT_URL'))
    .option(
      '--branch <branch>',
      'the branch that Argo CD tracks (SOWER_BRANCH)',
      of('SOWER_BRANCH') ?? 'main',
    )
    .option('-C, --directory <directory>', 'a directory of the repository, without a token', '.')
    .action(async (cluster: string, flags: Flags) => {
      const { promoteCommand } = await import('./promote-command.ts')
      await promoteCommand(
        surroundings,
        {
          ...{ cluster, directory: flags.directory, apiUrl: flags.apiUrl, branch: flags.branch },
          kubeconfig: flags.kubeconfig ?? null,
          context: flags.context ?? null,
          repository: flags.repository ?? null,
          tokenFile: flags.tokenFile ?? null,
          gitUrl: flags.gitUrl ?? null,
        },
        redactor,
      )
    })
}
