import { join } from 'node:path'
import type { StoredObject } from '../kubernetes/object-store.ts'
import {
  instanceNameOf,
  sourcesOf,
  type Application,
  type PluginParameter,
  type Source,
} from './application.ts'
import { outOfBoundsLink, withCheckout } from './with-checkout.ts'
import { readManifests } from './read-manifests.ts'
import { messageOf } from '../../errors.ts'
import type { Clock } from '../clock.ts'

/** Runs a config management plugin in the application path of a fresh checkout. */
export type Render = (
  request: Readonly<{
    /** Absolute path of the application path. */
    directory: string
    environment: Readonly<Record<string, string>>
  }>,
) => Promise<Readonly<{ stdout: string } | { failure: string } | { timedOut: true }>>

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
  source: Source,
  revision: string,
): Readonly<Record<string, string>> => {
  const { destination, project } = application.spec
  const parameters = source.plugin?.parameters ?? []
  return {
    ARGOCD_APP_NAME: instanceNameOf(application),
    ARGOCD_APP_NAMESPACE: destination.namespace,
    ARGOCD_APP_PROJECT_NAME: project,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
    ARGOCD_APP_SOURCE_PATH: source.path ?? '.',
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
const loadFailure = (
  { cause, code = 'Unknown' }: Readonly<{ cause: string; code?: string }>,
  { index, of }: Readonly<{ index: number; of: number }>,
): string =>
  `Failed to load target state: failed to generate manifest for source ${index + 1} of ${of}: rpc error: code = ${code} desc = ${cause}`
const pluginFailure = (application: Application, cause: string): string =>
  `CMP processing failed for application "${instanceNameOf(application)}": error generating manifests in cmp: ${grpc} error generating manifests: ${cause}`

type Generated = Readonly<
  { objects: readonly StoredObject[] } | { cause: string; code?: 'DeadlineExceeded' }
>
type Known = Readonly<{ generated: Generated; attempts: number; firstFailure: number }>

// Generation pauses after three failures in a row, for an hour (argo-cd common/common.go:284-288).
const failuresToPause = 3
const pauseMinutes = 60

/** Renders revisions and keeps the results, as the repo-server does. */
export const createRenderer = ({
  bareRepository,
  workDirectory,
  render,
  clock,
}: Readonly<{
  bareRepository: string
  workDirectory: string
  render: Render
  clock: Clock
}>): Readonly<{
  /** All sources at their revisions; a revision is undefined where its name resolves to nothing. */
  targetsOf: (
    application: Application,
    of: Readonly<{ revisions: readonly (string | undefined)[]; isHard: boolean }>,
  ) => Promise<Targets>
}> => {
  const cache = new Map<string, Known>()

  const generate = async (
    application: Application,
    source: Source,
    revision: string,
  ): Promise<Generated> => {
    const result = await withCheckout(
      { bareRepository, revision, workDirectory },
      async directory => {
        const link = await outOfBoundsLink(directory)
        if (link !== undefined) return { outside: link }
        return render({
          directory: join(directory, source.path ?? '.'),
          environment: pluginEnvironment(application, source, revision),
        })
      },
    )
    // argo-cd reposerver/repository/repository.go:492-507.
    if ('outside' in result)
      return { cause: `repository contains out-of-bounds symlinks. file: ${result.outside}` }
    // The controller's own patience ends first: what the plugin has printed is not shown.
    if ('timedOut' in result)
      return { cause: 'context deadline exceeded', code: 'DeadlineExceeded' }
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

  const generateOnce = async (
    application: Application,
    source: Source,
    { revision, isHard }: Readonly<{ revision: string | undefined; isHard: boolean }>,
  ): Promise<Generated> => {
    // A source of nothing but files for others renders nothing.
    if (source.path === undefined && source.ref !== undefined) return { objects: [] }
    if (revision === undefined)
      return {
        cause: `unable to resolve '${source.targetRevision || 'HEAD'}' to a commit SHA`,
      }
    const { destination, project } = application.spec
    const key = JSON.stringify([
      instanceNameOf(application),
      revision,
      source,
      destination,
      project,
    ])
    const now = clock.now().getTime()
    const kept = isHard ? undefined : cache.get(key)
    const isPaused = kept !== undefined && kept.attempts >= failuresToPause
    const known = isPaused && now - kept.firstFailure >= pauseMinutes * 60_000 ? undefined : kept
    if (known) {
      const { generated } = known
      if ('objects' in generated) return generated
      if (isPaused) return { cause: `Manifest generation error (cached): ${generated.cause}` }
    }
    const generated = await generate(application, source, revision)
    cache.set(key, {
      generated,
      attempts: (known?.attempts ?? 0) + 1,
      firstFailure: known?.firstFailure ?? now,
    })
    return generated
  }

  return {
    targetsOf: async (application, { revisions, isHard }) => {
      const sources = sourcesOf(application)
      const objects: StoredObject[] = []
      for (const [index, source] of sources.entries()) {
        const revision = revisions[index]
        const generated = await generateOnce(application, source, { revision, isHard })
        if ('cause' in generated)
          return { failure: loadFailure(generated, { index, of: sources.length }) }
        objects.push(...generated.objects)
      }
      return { objects }
    },
  }
}
