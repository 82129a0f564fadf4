import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { openFolder } from '../adapters/files/open-folder.ts'
import { defaults } from '../core/settings/defaults.ts'
import type { StoredObject } from '../sandbox/kubernetes/object-store.ts'
import type { Sandbox } from '../sandbox/start-sandbox.ts'
import type { Demo } from './demo.ts'
import { createPerson, type Person } from './person.ts'
import { sealCredential } from './seal-credential.ts'
import { until } from './until.ts'

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})
const conditions = z.looseObject({
  conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
})

/**
 * Prepares the scene before the story begins: the repository with its sites, the hub that Argo CD syncs from it,
 * the clusters attached, and the push credential sealed by the person and unsealed on the hub.
 */
export const prepareHub = async (
  demo: Demo,
  sandbox: Sandbox,
  example: string,
): Promise<Person> => {
  const { directory, emit, cluster, managed = 5 } = demo
  const registry = sandbox.registry.host
  const home = openFolder(join(directory, 'person'))
  const person = await createPerson({
    directory: home.directory,
    gitUrl: sandbox.gitHub.gitUrl,
    apiUrl: sandbox.gitHub.url,
    repository: 'example/ztp',
    token: demo.tokens.ada,
    example,
    replace: {
      'https://github.com/example/ztp.git': sandbox.gitHub.gitUrl,
      'registry.example.com': registry,
      ...demo.changed,
    },
    path: demo.environment['PATH'] ?? '',
  })
  const prerequisites = ['seed-sno1', 'target-sno2', 'target-sno3', 'seed-sno5']
  sandbox.apply(
    prerequisites.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  )
  sandbox.apply(
    person.clone
      .files()
      .filter(file => /^argocd\/(?!kustomization\.yaml$)[^/]+$/.test(file))
      .flatMap(file => parseAllDocuments(person.clone.read(file)))
      .map(document => manifest.parse(document.toJS())),
  )

  const image = `${registry}/ibu/${cluster}:${demo.version}`
  const list = 'seed-secret/kustomization.yaml'
  await sealCredential({ demo, sandbox, person, image, file: defaults.secret.file, list })
  refreshApplications(sandbox)
  await until('the clusters to be attached and the credential to be unsealed', () =>
    isReady(sandbox, managed),
  )
  emit({
    event: 'act',
    actor: 'hub',
    message: `manages ${managed === 5 ? 'five' : 'four'} clusters that Argo CD syncs from Git, and has unsealed the credential`,
  })
  return person
}

/** Has Argo CD look at every Application now; it would look by itself within two minutes of its time. */
export const refreshApplications = ({ hub }: Sandbox): void => {
  for (const { apiVersion, kind, metadata } of hub.list({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
  }))
    hub.change(
      { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? '' },
      application => {
        application.metadata.annotations = {
          ...application.metadata.annotations,
          'argocd.argoproj.io/refresh': 'normal',
        }
      },
    )
}

const isReady = ({ hub }: Sandbox, managed: number): boolean => {
  const managedClusters = hub.list({
    apiVersion: 'cluster.open-cluster-management.io/v1',
    kind: 'ManagedCluster',
  })
  const { namespace, name } = defaults.secret
  return (
    managedClusters.length === managed &&
    hub.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }) !== undefined &&
    managedClusters.every(isAvailable)
  )
}

/** True for a ManagedCluster that ACM calls available. */
export const isAvailable = ({ status }: StoredObject): boolean =>
  conditions
    .safeParse(status)
    .data?.conditions.some(
      ({ type, status: value }) => type === 'ManagedClusterConditionAvailable' && value === 'True',
    ) ?? false
