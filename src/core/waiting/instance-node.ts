import { listAt, textAt } from '../preflight/field.ts'
import { conditionsIn, objectNode, sayAt, type HubObject } from './hub-object.ts'
import { waiting, type Waiting } from './waiting.ts'

const pausedBy = 'clusterinstance.siteconfig.open-cluster-management.io/paused'

/** siteconfig's word for how far one of its objects is (api/v1alpha1/clusterinstance_types.go:549-558). */
const states: Readonly<Record<string, Waiting['state']>> = {
  'deletion-in-progress': 'going',
  'deletion-failed': 'stuck',
  'deletion-attempt-timed-out': 'stuck',
}

/** The nodes of the objects that siteconfig says it has rendered, without those that it does not touch yet. */
const renderedNodes = (instance: HubObject): readonly Waiting[] =>
  listAt(instance, 'status', 'manifestsRendered').flatMap(manifest => {
    const state = states[textAt(manifest, 'status')]
    if (state === undefined) return []
    const [kind, name] = [textAt(manifest, 'kind'), textAt(manifest, 'name')]
    const namespace = textAt(manifest, 'namespace')
    const place = namespace === '' ? '' : ` -n ${namespace}`
    return waiting(`rendered ${kind} ${name}`, state, {
      since: textAt(manifest, 'lastAppliedTime') || null,
      why: [textAt(manifest, 'status'), textAt(manifest, 'message')].filter(Boolean).join(': '),
      next: state === 'stuck' ? `oc describe ${kind.toLowerCase()} ${name}${place}` : null,
    })
  })

/** How siteconfig deletes: highest wave first, each only when the one before is gone (deletion.go:67-171). */
export const instanceNode = (instance: HubObject, now: string): Waiting => {
  const { name, namespace = '', annotations = {} } = instance.metadata
  const reason = sayAt(instance, '', 'status', 'paused', 'reason')
  const isPaused = annotations[pausedBy] !== undefined || reason !== ''
  const failed = conditionsIn(instance).find(
    ({ type, status }) => type === 'RenderedTemplatesDeleted' && status === 'False',
  )
  const says = failed ? `${failed.reason}: ${failed.message}` : ''
  const command = `oc annotate clusterinstance ${name} -n ${namespace} ${pausedBy}-`
  return objectNode(instance, {
    now,
    says,
    parts: renderedNodes(instance),
    waitsFor: 'Argo CD has not pruned it yet',
    trouble: isPaused
      ? {
          why: `siteconfig has paused it${reason === '' ? '' : `: ${reason}`}`,
          next: `repair what it names, then end the pause: ${command}`,
        }
      : null,
  })
}
