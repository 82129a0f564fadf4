import type { Command } from 'commander'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags } from '../../hub-flags.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type Flags = Readonly<{
  directory: string
  image?: string
  kubeconfig?: string
  context?: string
  seedKubeconfig?: string
  authfile?: string
  registryCa?: string
  namespace: string
  output: OutputForm
}>

/** Declares `sower preflight`. */
export const registerPreflightCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const command = program
    .command('preflight')
    .description(
      'run every check that can run before a detach, of Git, hub, Argo CD, seed and registry; changes nothing',
    )
    .argument('<cluster>', 'its spec.clusterName')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
    .option('--image <reference>', 'the seed image to make; default: the template of sower.yaml')
  hubFlags(command, surroundings, { what: 'the hub; without it, its checks are left out' })
    .option(
      '--seed-kubeconfig <file>',
      'the seed cluster; default: the admin kubeconfig that the hub has of it',
    )
    .option(
      '--authfile <file>',
      'the push credential, to ask the registry with, or - for standard input',
    )
    .option(
      '--registry-ca <file>',
      'an extra certificate authority for the registry (SOWER_REGISTRY_CA)',
      surroundings.environment['SOWER_REGISTRY_CA'] || undefined,
    )
    .option(
      '-n, --namespace <namespace>',
      'the hub namespace in which Sower saves the access to seeds',
      'sower',
    )
  outputFlag(command, ['wide']).action(async (cluster: string, flags: Flags) => {
    const { preflightCommand } = await import('./preflight-command.ts')
    await preflightCommand(
      surroundings,
      {
        ...{ cluster, directory: flags.directory, namespace: flags.namespace },
        image: flags.image ?? null,
        kubeconfig: flags.kubeconfig ?? null,
        context: flags.context ?? null,
        seedKubeconfig: flags.seedKubeconfig ?? null,
        authfile: flags.authfile ?? null,
        registryCa: flags.registryCa ?? null,
        output: flags.output,
      },
      redactor,
    )
  })
}
