import { deleteOptionIn, pruneOptionIn } from '../application/prune-option-of.ts'
import { objectIdentity } from '../cluster/object-identity.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'

/** An object that leaves a render though its own annotation keeps it on the hub. */
export type Held = Readonly<{
  /** `group/Kind/namespace/name` */
  object: string
  /** `Prune=false`, `Prune=confirm`, `Delete=false` or `Delete=confirm`. */
  option: string
}>

/**
 * Finds the objects that Argo CD keeps for their own `argocd.argoproj.io/sync-options` (docs/user-guide/sync-options.md):
 * with `Prune=` when they leave Git, with `Delete=` when their Application is deleted.
 */
export const heldObjects = (objects: readonly unknown[]): readonly Held[] =>
  objects.flatMap(object => {
    const annotations = fieldsOf(fieldsOf(fieldsOf(object).get('metadata')).get('annotations'))
    const options = [textOf(annotations, 'argocd.argoproj.io/sync-options')]
    return [pruneOptionIn(options), deleteOptionIn(options)]
      .filter(option => option !== null)
      .map(option => ({ object: objectIdentity(object), option }))
  })
