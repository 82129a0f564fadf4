import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags } from '../../hub-flags.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'
import { declareGitHub, gitHubOptions, type GitHubFlags } from '../../clone/git-hub-options.ts'

type Flags = GitHubFlags &
  Readonly<{ directory: string; kubeconfig?: string; context?: string; output: OutputForm }>

/** Declares `sower promote`. */
export const registerPromoteCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const { environment } = surroundings
  const command = program
    .command('promote')
    .description('open the pull request that sets the proven seed image where it is used')
    .argument('<cluster>', 'the seed, by its spec.clusterName')
  hubFlags(command, surroundings, {
    what: 'the hub, which says whether a group upgrade is under way',
  })
  declareGitHub(command, environment).option(
    '-C, --directory <directory>',
    'a directory of the repository, without a token',
    '.',
  )
  outputFlag(command).action(async (cluster: string, flags: Flags) => {
    const { promoteCommand } = await import('./promote-command.ts')
    const { directory, kubeconfig = null, context = null, output } = flags
    const options = { ...gitHubOptions(flags), cluster, directory, kubeconfig, context, output }
    await promoteCommand(surroundings, options, redactor)
  })
}
