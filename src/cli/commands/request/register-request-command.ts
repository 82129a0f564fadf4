import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'

type Flags = Readonly<{
  directory: string
  image?: string
  adopt?: true
  authfile?: string
  cert?: string
  registryCa?: string
  repository?: string
  tokenFile?: string
  apiUrl: string
  gitUrl?: string
  branch: string
}>

/** Declares `sower request`. */
export const registerRequestCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const of = (variable: string): string | undefined =>
    surroundings.environment[variable] || undefined
  program
    .command('request')
    .description('open the pull request that asks for the seed image of a cluster')
    .argument('<cluster>', 'its spec.clusterName')
    .option('--image <reference>', 'the seed image to make; default: the template of sower.yaml')
    .option('--adopt', 'take the seed as it is: it was detached by hand, or was never on a hub')
    .option(
      '--authfile <file>',
      'the push credential, which is checked, tried out and sealed into the pull request; - for standard input',
    )
    .option('--cert <file or URL>', "the Sealed Secrets controller's certificate, to seal with")
    .option(
      '--registry-ca <file>',
      'an extra certificate authority for the registry (SOWER_REGISTRY_CA)',
      of('SOWER_REGISTRY_CA'),
    )
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
      const { requestCommand } = await import('./request-command.ts')
      await requestCommand(
        surroundings,
        {
          ...{ cluster, directory: flags.directory, apiUrl: flags.apiUrl, branch: flags.branch },
          ...{ image: flags.image ?? null, adopt: flags.adopt === true },
          authfile: flags.authfile ?? null,
          cert: flags.cert ?? null,
          registryCa: flags.registryCa ?? null,
          repository: flags.repository ?? null,
          tokenFile: flags.tokenFile ?? null,
          gitUrl: flags.gitUrl ?? null,
        },
        redactor,
      )
    })
}
