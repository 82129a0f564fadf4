import type { Test } from 'tap'
import { templateOf } from '../support/manifests/reference-faults.ts'
import { manifestObjects, type ManifestObject } from '../support/peers/manifest-objects.ts'
import type { Body, PeerScene } from '../support/peers/peer-scene.ts'

/** Every object of these directories is asked for on trial, created and applied; nothing is kept but namespaces. */
export const manifestsAreTaken = async (
  t: Test,
  scene: PeerScene,
  directories: readonly string[],
): Promise<void> => {
  const { admin } = scene
  for (const name of ['sower', 'openshift-gitops', 'argocd', 'sower-seeds'])
    await scene.namespace(name)

  const served = new Map<string, readonly Body[]>()
  /** The collection of an object; undefined where its kind is not served. */
  const collectionOf = async ({ apiVersion, kind, metadata }: ManifestObject) => {
    const group = `${apiVersion.includes('/') ? '/apis/' : '/api/'}${apiVersion}`
    const known =
      served.get(group) ?? (((await admin(group)).body['resources'] ?? []) as readonly Body[])
    served.set(group, known)
    const found = known.find(each => each['kind'] === kind && !String(each['name']).includes('/'))
    const where = found?.['namespaced'] === true ? `/namespaces/${metadata.namespace}` : ''
    return found && `${group}${where}/${String(found['name'])}`
  }

  const strange = new Set<string>()
  const taken = new Set<string>()
  for (const directory of directories) {
    const wrong: string[] = []
    for (const object of await manifestObjects(directory)) {
      const collection = await collectionOf(object)
      if (collection === undefined) {
        strange.add(object.kind)
        continue
      }
      taken.add(object.kind)
      const named = `${object.kind} ${object.metadata.name}`
      const trial = 'dryRun=All&fieldValidation=Strict&fieldManager=sower'
      const created = await admin(`${collection}?${trial}`, { method: 'POST', body: object })
      if (created.code !== 201 && created.code !== 409) wrong.push(`${named}: ${created.text}`)
      const type = 'application/apply-patch+yaml'
      const path = `${collection}/${object.metadata.name}?${trial}`
      const applied = await admin(path, { method: 'PATCH', type, body: object })
      if (applied.code >= 300) wrong.push(`${named}, applied: ${applied.text}`)
    }
    t.strictSame(wrong, [], directory)
  }
  t.ok(taken.has('CustomResourceDefinition') && taken.has('Deployment') && taken.has('ClusterRole'))
  t.comment(`tried: ${[...taken].sort().join(', ')}`)
  t.comment(`not served here, so not tried: ${[...strange].sort().join(', ')}`)
}

/** The pods of the overlays, as admission sees them in the namespace of the manifests. Only for an API that has pods. */
export const podsAreAdmitted = async (t: Test, { admin }: PeerScene): Promise<void> => {
  const [namespace] = (await manifestObjects('base')).filter(({ kind }) => kind === 'Namespace')
  const merge = { method: 'PATCH', type: 'application/merge-patch+json', body: namespace }
  t.match(await admin('/api/v1/namespaces/sower', merge), { code: 200 })
  for (const overlay of ['overlays/example', 'overlays/cronjob'])
    for (const object of await manifestObjects(overlay)) {
      const template = templateOf(object)
      if (!template) continue
      const path = '/api/v1/namespaces/sower/pods?dryRun=All&fieldValidation=Strict'
      const pod = {
        metadata: { name: 'tried', labels: template.metadata.labels },
        spec: template.spec,
      }
      const answer = await admin(path, { method: 'POST', body: pod })
      t.equal(answer.code, 201, `${overlay} ${object.kind}: ${answer.text}`)
    }
  const loose = { metadata: { name: 'tried' }, spec: { containers: [{ name: 'a', image: 'a' }] } }
  const refused = await admin('/api/v1/namespaces/sower/pods?dryRun=All', {
    ...{ method: 'POST', body: loose },
  })
  t.match(refused, { code: 403, text: /violates PodSecurity \\"restricted/ })
}
