import { hindrancesOf } from '../application/hindrances-of.ts'
import type { SyncFacts } from '../application/sync-facts.ts'
import { explainOperation, type Names } from './explain-operation.ts'
import { waiting, type Waiting } from './waiting.ts'

/** The sight of the Application after the merge. */
export type ApplicationSight = Readonly<{
  facts: SyncFacts
  /** It has compared a commit that contains the merge; null where no merge is looked for. */
  hasMerge: boolean | null
  /** Some ClusterInstance is there that nobody has deleted. */
  isNeeded: boolean
}>

const group = 'siteconfig.open-cluster-management.io'

const namesOf = ({ application, instances, controlPlane }: SyncFacts): Names => {
  const [first] = instances
  const place = first
    ? `${String(first.metadata.namespace)}/${first.metadata.name}`
    : 'NAMESPACE/NAME'
  return {
    application: application.name,
    namespace: application.namespace || controlPlane,
    resource: `${group}:ClusterInstance:${place}`,
  }
}

const seeIt = ({ application }: Names): string =>
  `see all that Argo CD says: argocd app get ${application}`

/** True if an operation is no trouble of its own: it goes on, or said nothing. */
const isQuiet = (phase: string, message: string): boolean =>
  message === '' ||
  phase === 'Succeeded' ||
  (phase === 'Running' && /^waiting for (?:deletion|healthy state) of/.test(message))

const operationNode = (facts: SyncFacts): readonly Waiting[] => {
  const { operation } = facts.application.status
  if (!operation) return []
  const names = namesOf(facts)
  const what = `last operation: ${operation.phase}`
  const retries = operation.retryCount === 0 ? '' : `; tried again ${operation.retryCount} times`
  const skipped = operation.resources
    .map(({ message }) => message)
    .find(text => /ignored/.test(text))
  const said = skipped ?? operation.message
  const isFine = skipped === undefined && isQuiet(operation.phase, operation.message)
  return [
    waiting(what, isFine ? 'going' : 'stuck', {
      since: operation.finishedAt ?? operation.startedAt,
      why: said === '' ? null : `${said}${retries}`,
      next: isFine ? null : (explainOperation(said, names) ?? seeIt(names)),
    }),
  ]
}

const conditionNodes = (facts: SyncFacts): readonly Waiting[] =>
  facts.application.status.conditions
    .filter(({ type }) => type.endsWith('Error') || type === 'SharedResourceWarning')
    .map(({ type, message, lastTransitionTime }) =>
      waiting(type, 'stuck', {
        since: lastTransitionTime,
        why: message || null,
        next: explainOperation(message, namesOf(facts)) ?? seeIt(namesOf(facts)),
      }),
    )

const shownByConditions = ['argocd.compares', 'argocd.last-sync', 'argocd.shared']
const moot = ['argocd.idle', 'argocd.sync-window-soon', 'argocd.delete-option']

const hindranceNodes = (facts: SyncFacts): readonly Waiting[] =>
  hindrancesOf(facts)
    .filter(({ id }) => ![...shownByConditions, ...moot].includes(id))
    .filter(({ level }) => level === 'block')
    .map(({ id, reason, fix }) => waiting(id, 'stuck', { why: reason, next: fix }))

const lookNode = ({ facts, hasMerge }: ApplicationSight): Waiting => {
  const { isRefreshing, revision, status } = facts.application
  const seen = revision === '' ? 'nothing' : revision.slice(0, 12)
  const since = status.reconciledAt
  if (hasMerge !== false)
    return waiting(hasMerge ? 'has compared the merge' : 'has looked at Git', 'gone', {
      ...{ since, why: `at ${seen}` },
    })
  const asked = isRefreshing ? 'is asked to look at Git' : 'looks at Git by itself now and then'
  return waiting('has not compared the merge', 'there', {
    since,
    why: `compared ${seen}; ${asked}`,
  })
}

/** The Application that has to prune the ClusterInstance: nothing of it counts any more once the deletion has begun. */
export const applicationNode = (sight: ApplicationSight): Waiting => {
  const { facts, isNeeded } = sight
  const { name, namespace, status } = facts.application
  const what = `Application ${namespace || facts.controlPlane}/${name}`
  if (!isNeeded) return waiting(what, 'gone', { why: 'has pruned the ClusterInstance' })
  const parts = [
    lookNode(sight),
    ...conditionNodes(facts),
    ...operationNode(facts),
    ...hindranceNodes(facts),
  ]
  const isStuck = parts.some(({ state }) => state === 'stuck')
  return waiting(what, isStuck ? 'stuck' : 'there', {
    why: isStuck
      ? null
      : `is ${status.sync || 'not compared'}, and has not pruned the ClusterInstance yet`,
    parts,
  })
}
