import { join } from 'node:path'
import type { StoredObject } from '../kubernetes/object-store.ts'
import { instanceNameOf, type Application, type PluginParameter } from './application.ts'
import { outOfBoundsLink, withCheckout } from './with-checkout.ts'
import { readManifests } from './read-manifests.ts'
import { messageOf } from '../../errors.ts'

/** Runs a config management plugin in the application path of a fresh checkout. */
export type Render = (
  request: Readonly<{
    /** Absolute path of the application path. */
    directory: string
    environment: Readonly<Record<string, string>>
  }>,
) => Promise<Readonly<{ stdout: string } | { failure: string }>>

/** The objects of one revision, or why there are none (the text of the ComparisonError). */
export type Targets = Readonly<{ objects: readonly StoredObject[] } | { failure: string }>

const upperSnake = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')

// argo-cd pkg/apis/application/v1alpha1/types.go:1106-1139.
const parameterVariables = (parameter: PluginParameter): [string, string][] => {
  const prefix = `PARAM_${upperSnake(parameter.name)}`
  return [
    ...(parameter.string === undefined
      ? []
      : [[prefix, parameter.string] satisfies [string, string]]),
    ...Object.entries(parameter.map ?? {}).map(([key, value]): [string, string] => [
      `${prefix}_${upperSnake(key)}`,
      value,
    ]),
    ...(parameter.array ?? []).map((value, position): [string, string] => [
      `${prefix}_${position}`,
      value,
    ]),
  ]
}

/** The variables of a CMP request (argo-cd reposerver/repository/repository.go:1857-1871, 2315-2345). */
export const pluginEnvironment = (
  application: Application,
  revision: string,
): Readonly<Record<string, string>> => {
  const { source, destination, project } = application.spec
  const parameters = source.plugin?.parameters ?? []
  return {
    ARGOCD_APP_NAME: instanceNameOf(application),
    ARGOCD_APP_NAMESPACE: destination.namespace,
    ARGOCD_APP_PROJECT_NAME: project,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
    ARGOCD_APP_SOURCE_PATH: source.path,
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision,
    KUBE_VERSION: '1.31',
    KUBE_API_VERSIONS:
      'v1,v1/ConfigMap,v1/Namespace,v1/Secret,siteconfig.open-cluster-management.io/v1alpha1/ClusterInstance',
    ...Object.fromEntries(
      (source.plugin?.env ?? []).map(({ name, value }) => [`ARGOCD_ENV_${name}`, value]),
    ),
    // Go writes a list that is nil as null.
    ARGOCD_APP_PARAMETERS: JSON.stringify(parameters.length === 0 ? null : parameters),
    ...Object.fromEntries(parameters.flatMap(parameterVariables)),
  }
}

const grpc = 'rpc error: code = Unknown desc ='

// The chain of wrappers around a plugin's stderr (facts: plugin.go:164,243; repository.go:1795,2399; state.go:421,749).
const loadFailure = (cause: string): string =>
  `Failed to load target state: failed to generate manifest for source 1 of 1: ${grpc} ${cause}`
const pluginFailure = (application: Application, cause: string): string =>
  `CMP processing failed for application "${instanceNameOf(application)}": error generating manifests in cmp: ${grpc} error generating manifests: ${cause}`

type Generated = Readonly<{ objects: readonly StoredObject[] } | { cause: string }>

/** Renders revisions and keeps the results, as the repo-server does. */
export const createRenderer = ({
  bareRepository,
  workDirectory,
  render,
}: Readonly<{
  bareRepository: string
  workDirectory: string
  render: Render
}>): Readonly<{
  targetsOf: (
    application: Application,
    of: Readonly<{ revision: string | undefined; isHard: boolean }>,
  ) => Promise<Targets>
}> => {
  const cache = new Map<string, Readonly<{ generated: Generated; attempts: number }>>()

  const generate = async (application: Application, revision: string): Promise<Generated> => {
    const { path } = application.spec.source
    const result = await withCheckout(
      { bareRepository, revision, workDirectory },
      async directory => {
        const link = await outOfBoundsLink(directory)
        if (link !== undefined) return { outside: link }
        return render({
          directory: join(directory, path),
          environment: pluginEnvironment(application, revision),
        })
      },
    )
    // argo-cd reposerver/repository/repository.go:492-507.
    if ('outside' in result)
      return { cause: `repository contains out-of-bounds symlinks. file: ${result.outside}` }
    if ('failure' in result) return { cause: pluginFailure(application, result.failure) }
    try {
      return {
        objects: readManifests(result.stdout, {
          instanceName: instanceNameOf(application),
          namespace: application.spec.destination.namespace,
        }),
      }
    } catch (error) {
      const reason = messageOf(error)
      return { cause: pluginFailure(application, `failed to unmarshal manifest: ${reason}`) }
    }
  }

  return {
    targetsOf: async (application, { revision, isHard }) => {
      const { source, destination, project } = application.spec
      if (revision === undefined)
        return {
          failure: loadFailure(
            `unable to resolve '${source.targetRevision || 'HEAD'}' to a commit SHA`,
          ),
        }
      const key = JSON.stringify([
        instanceNameOf(application),
        revision,
        source,
        destination,
        project,
      ])
      const known = isHard ? undefined : cache.get(key)
      if (known) {
        const { generated, attempts } = known
        if ('objects' in generated) return generated
        // Paused after three failures in a row (argo-cd common/common.go:284-288); a hard refresh clears it.
        if (attempts >= 3)
          return { failure: loadFailure(`Manifest generation error (cached): ${generated.cause}`) }
      }
      const generated = await generate(application, revision)
      cache.set(key, { generated, attempts: (known?.attempts ?? 0) + 1 })
      return 'objects' in generated ? generated : { failure: loadFailure(generated.cause) }
    },
  }
}
