import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'
import { declareGitHub, gitHubOptions, type GitHubFlags } from '../../clone/git-hub-options.ts'

type Flags = GitHubFlags &
  Readonly<{
    directory: string
    output: OutputForm
    image?: string
    adopt?: true
    authfile?: string
    cert?: string
    registryCa?: string
  }>

/** Declares `sower request`. */
export const registerRequestCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const { environment } = surroundings
  const command = program
    .command('request')
    .description('open the pull request that asks for the seed image of a cluster')
    .argument('<cluster>', 'its spec.clusterName')
    .option('--image <reference>', 'the seed image to make; default: the template of sower.yaml')
    .option('--adopt', 'take the seed as it is: it was detached by hand, or was never on a hub')
    .option(
      '--authfile <file>',
      'the push credential, which is checked, tried out and sealed into the pull request, or - for standard input',
    )
    .option('--cert <file or URL>', "the Sealed Secrets controller's certificate, to seal with")
    .option(
      '--registry-ca <file>',
      'an extra certificate authority for the registry (SOWER_REGISTRY_CA)',
      environment['SOWER_REGISTRY_CA'] || undefined,
    )
  declareGitHub(command, environment).option(
    '-C, --directory <directory>',
    'a directory of the repository, without a token',
    '.',
  )
  outputFlag(command).action(async (cluster: string, flags: Flags) => {
    const { requestCommand } = await import('./request-command.ts')
    const { directory, image = null, adopt = false, authfile = null, cert = null } = flags
    const { registryCa = null, output } = flags
    const asked = { cluster, directory, image, adopt, authfile, cert, registryCa, output }
    await requestCommand(surroundings, { ...gitHubOptions(flags), ...asked }, redactor)
  })
}
