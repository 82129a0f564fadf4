import { readInput } from '../../../adapters/files/read-input.ts'
import type { Configuration } from '../../../core/settings/configuration.ts'
import { secretsOf } from '../../../core/secret/secrets-of.ts'
import { unknown } from '../../../core/seen.ts'
import { createContext, type Context } from '../../../operations/context.ts'
import type { Forge } from '../../../operations/ports/forge.ts'
import type { Ports } from '../../../operations/ports/ports.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import type { Clone } from '../../clone/clone.ts'
import { registryFrom } from '../seal/registry-from.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'
import type { PreflightOptions } from './preflight-options.ts'
import { nobody, readOnly, standInHub } from './stand-in-hub.ts'

type Composing = Readonly<{
  clone: Clone
  config: Configuration
  options: PreflightOptions
  redactor: Redactor
}>

/**
 * Composes the systems that the checks of a run ask, for a person: the hub and the seed of their kubeconfigs, the registry with the credential
 * of --authfile, and nobody where none is named. There is no run, no bot and no GitHub. Throws InputError FILE_UNREADABLE,
 * RefusedError ACCESS_MISSING.
 */
export const composePreflight = async (
  surroundings: Surroundings,
  { clone, config, options, redactor }: Composing,
): Promise<Context> => {
  const { directory } = surroundings
  const text = async (file: string): Promise<string> => {
    const content = (await readInput(directory, file)).toString('utf8')
    for (const secret of secretsOf(content)) redactor.add(secret)
    return content
  }
  const authfile = options.authfile === null ? null : await readInput(directory, options.authfile)
  if (authfile) for (const secret of secretsOf(authfile.toString('utf8'))) redactor.add(secret)
  const kubeconfig = options.seedKubeconfig === null ? null : await text(options.seedKubeconfig)
  const { kubernetesCluster } = await import('../../../adapters/kubernetes/kubernetes-cluster.ts')
  const hub =
    options.kubeconfig === null
      ? nobody
      : (await hubFrom(surroundings, options.kubeconfig, options.context ?? undefined)).cluster
  const { secret } = config
  const { cluster } = options
  const kustomize = await composeKustomize(surroundings)
  const { registryCa } = options
  const registry = await registryFrom(surroundings, { registryCa, redactor })
  return createContext({
    ports: {
      repository: clone.repository,
      kustomize,
      hub: standInHub(hub, { cluster, secret, kubeconfig, authfile, namespace: options.namespace }),
      connect: found => readOnly(kubernetesCluster(found)),
      argocd: null,
      // Whoever only looks does not begin an upload with somebody else's credential.
      registry:
        authfile !== null ? registry : { ...registry, mayPush: async () => unknown('not-asked') },
      forge: noForge,
      pulls: { open: none('GitHub'), create: none('GitHub'), merge: none('GitHub') },
      runs: noRuns,
      confirmations: { list: () => [], add: () => undefined },
      leadership: {
        ...{ holds: () => false, renew: async () => undefined, release: async () => undefined },
      },
      conceal: redactor.add,
      clean: redactor.clean,
    },
    settings: { repository: '', branch: '', namespace: options.namespace },
    now: () => new Date(),
  })
}

const none = (what: string) => async (): Promise<never> => {
  throw new Error(`a preflight has no ${what}`)
}

const noForge: Forge = {
  ...{ branchUse: async () => unknown('not-asked'), branchRules: async () => unknown('not-asked') },
  ...{ pullRequest: none('GitHub'), permission: none('GitHub'), upsertComment: none('GitHub') },
  pullRequestFrom: none('GitHub'),
  isTeamMember: none('GitHub'),
  ...{ setStatus: none('GitHub'), react: none('GitHub') },
  ...{ repositoryId: none('GitHub'), login: none('GitHub'), labelling: none('GitHub') },
}

const noRuns: Ports['runs'] = {
  ...{ get: async () => undefined, list: async () => [] },
  ...{ create: none('run'), replace: none('run'), remove: none('run') },
}
