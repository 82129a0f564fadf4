import { join, posix } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { openFolder } from '../../adapters/files/open-folder.ts'
import { initFiles } from '../../core/init/init-files.ts'
import { kustomizationNames } from '../../core/kustomization/every-path.ts'
import { readText, type RepositoryTree } from '../../core/repository-tree.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { defaults } from '../../core/settings/defaults.ts'
import { configurationPath } from '../../core/settings/nearest-configuration.ts'
import { seedRoles } from '../../core/settings/seed-roles.ts'
import { FailedError, SowerError } from '../../errors.ts'
import type { Sandbox } from '../../sandbox/start-sandbox.ts'
import type { Demo } from '../demo.ts'
import { createPerson, type Person } from '../person.ts'
import type { Ended } from '../play-run.ts'
import { isAvailable, refreshApplications } from '../prepare-hub.ts'
import { rehearsalHub, type RehearsalHub } from './rehearsal-hub.ts'
import { runOnSandbox } from '../run-on-sandbox.ts'
import { troublesOf } from './troubles-of.ts'
import { sealCredential } from '../seal-credential.ts'
import { until } from '../until.ts'

/** The repository that is rehearsed, as it is at HEAD. */
export type Original = Readonly<{
  /** The files of HEAD, each with all its bytes. */
  tree: RepositoryTree
  /** The same on disk, links included. */
  directory: string
  branch: string
  config: Configuration
  roots: readonly string[]
  /** The clusters that they bring. */
  clusters: readonly string[]
  /** The YAML documents of its files. */
  documents: readonly unknown[]
}>

/** The end of a rehearsal, with what Argo CD did not do, and what was made up. */
export type Rehearsed = Ended & Readonly<{ troubles: readonly string[]; notes: readonly string[] }>

/**
 * Plays a run of a cluster in the simulated world with a copy of a repository. The copy differs by one commit of the
 * person: the sandbox's registry and Argo CD in sower.yaml, and a credential that is sealed for the sandbox. Throws
 * FailedError DEMO_FAILED or DEMO_STUCK.
 */
export const rehearse = async (
  given: Pick<Demo, 'surroundings' | 'directory' | 'emit' | 'cluster'>,
  original: Original,
): Promise<Rehearsed> => {
  const { config, documents } = original
  const version = versionOf(documents, given.cluster)
  const rights = openFolder(join(given.directory, 'rights'))
  rights.write(
    'rights.yaml',
    `${namespaces([config.secret.namespace])}${seedRoles(config, 'sower')}`,
  )
  const end: { notes: readonly string[]; troubles: readonly string[] } = { notes: [], troubles: [] }
  const ended = await runOnSandbox({
    ...{ ...given, scenario: 'rehearsal', askBy: 'label', hasWebhook: true, endsWhenBlocked: true },
    version,
    image: registry =>
      inRegistry(config.image ?? defaultImage, registry)
        .replaceAll('{cluster}', given.cluster)
        .replaceAll('{version}', version),
    ...{ seeds: [given.cluster], rights: rights.directory },
    prepare: async (demo, sandbox) => {
      const { person, notes } = await prepare(demo, sandbox, original)
      end.notes = notes
      return person
    },
    beforeStop: sandbox => {
      end.troubles = troublesOf(sandbox)
    },
  })
  return { ...ended, ...end }
}

const defaultImage = 'registry.example.com/ibu/{cluster}:{version}'

/** The same image in another registry. */
const inRegistry = (image: string, registry: string): string => image.replace(/^[^/]+/, registry)

const namespaces = (names: readonly string[]): string =>
  names
    .map(
      name => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${JSON.stringify(name)}\n---\n`,
    )
    .join('')

const clusterInstance = z.looseObject({
  kind: z.literal('ClusterInstance'),
  spec: z.looseObject({ clusterName: z.string(), clusterImageSetNameRef: z.string() }),
})

/** The OpenShift version in the name of the cluster's image set, such as `img4.18.5-x86-64-appsub`; else one that the sandbox knows. */
const versionOf = (documents: readonly unknown[], cluster: string): string =>
  documents
    .flatMap(document => clusterInstance.safeParse(document).data?.spec ?? [])
    .filter(({ clusterName }) => clusterName === cluster)
    .flatMap(spec => /\d+\.\d+\.\d+/.exec(spec.clusterImageSetNameRef)?.[0] ?? [])[0] ?? '4.18.5'

const prepare = async (
  demo: Demo,
  sandbox: Sandbox,
  { tree, directory, ...original }: Original,
): Promise<Readonly<{ person: Person; notes: readonly string[] }>> => {
  const { config, clusters } = original
  const { gitHub, hub, registry } = sandbox
  const place = posix.dirname(config.secret.file)
  const person = await createPerson({
    directory: join(demo.directory, 'person'),
    ...{ gitUrl: gitHub.gitUrl, apiUrl: gitHub.url, repository: 'example/ztp' },
    ...{ token: demo.tokens.ada, example: directory, replace: {} },
    path: demo.environment['PATH'] ?? '',
  })
  const name = kustomizationNames.find(name => tree.entry(posix.join(place, name)) === 'file')
  const added = name === undefined ? initFiles.secret(config) : []
  await person.push({
    branch: 'main',
    message: "Name the sandbox's registry and Argo CD",
    files: {
      [configurationPath]: settingsFor(registry.host, readText(tree, configurationPath)),
      ...Object.fromEntries(added.map(({ path, content }) => [path, content])),
    },
  })
  const isDirectory = (path: string): boolean =>
    tree.entry(path) === 'directory' || (added.length > 0 && path === place)
  const world = rehearsalHub({ ...original, isDirectory, place, gitUrl: gitHub.gitUrl })
  for (const name of new Set([...clusters, ...world.namespaces]))
    if (hub.get({ apiVersion: 'v1', kind: 'Namespace', name }) === undefined)
      hub.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  sandbox.apply([...world.projects, ...world.applications])
  const image = demo.image?.(registry.host) ?? ''
  const list = posix.join(place, name ?? 'kustomization.yaml')
  await sealCredential({ demo, sandbox, person, image, file: config.secret.file, list })
  refreshApplications(sandbox)
  await untilReady(demo, sandbox, config)
  restorePolicies(sandbox, world)
  demo.emit({
    event: 'act',
    actor: 'hub',
    message: `manages ${demo.cluster} from your Applications, and has unsealed the credential`,
  })
  return { person, notes: world.notes }
}

/** The settings for the sandbox: where the image goes, and the one namespace that its Argo CD has. */
const settingsFor = (registry: string, text: string): string => {
  const settings = parseDocument(text)
  const image = settings.get('image')
  if (typeof image === 'string') settings.set('image', inRegistry(image, registry))
  if (settings.hasIn(['argocd', 'namespace']))
    settings.setIn(['argocd', 'namespace'], defaults.argocdNamespace)
  return settings.toString()
}

const untilReady = async (
  { cluster }: Demo,
  sandbox: Sandbox,
  { secret: { namespace, name } }: Configuration,
): Promise<void> => {
  const isReady = (): boolean => {
    const managed = sandbox.hub.get({
      ...{ apiVersion: 'cluster.open-cluster-management.io/v1', kind: 'ManagedCluster' },
      name: cluster,
    })
    const secret = sandbox.hub.get({ apiVersion: 'v1', kind: 'Secret', namespace, name })
    return managed !== undefined && isAvailable(managed) && secret !== undefined
  }
  try {
    await until(`${cluster} to be managed and the credential to be unsealed`, isReady, 120)
  } catch (cause) {
    const troubles = troublesOf(sandbox)
    if (!(cause instanceof SowerError) || troubles.length === 0) throw cause
    throw new FailedError('DEMO_STUCK', `${cause.message}; ${troubles.join('; ')}`, {
      fix: 'see to it that Argo CD can render these from a commit, as `sower generate` tells in a clone',
      cause,
    })
  }
}

/** Each Application syncs as it says itself from now on. */
const restorePolicies = ({ hub }: Sandbox, { policies }: RehearsalHub): void => {
  for (const [name, syncPolicy] of policies) {
    const key = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', name }
    hub.change({ ...key, namespace: defaults.argocdNamespace }, object => {
      object['spec'] = { ...z.looseObject({}).parse(object['spec']), syncPolicy }
    })
  }
}
