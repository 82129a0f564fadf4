import posix from 'node:path/posix'
import type { Configuration } from '../../core/settings/configuration.ts'
import { textAt, type RepositoryTree } from '../../core/repository-tree.ts'
import { isEnded, type Run } from '../../core/run/run.ts'
import { absent, present, unknown, type Seen } from '../../core/seen.ts'
import { readSealedSecret } from '../../core/secret/sealed/read-sealed-secret.ts'
import { names } from '../../core/names.ts'
import { digestOf, noteNames } from '../../core/secret/sealed/sealed-secret-manifest.ts'
import type { SecretObservation } from '../../core/secret/track-secret.ts'
import { readHubSecret, type ReadingHub } from '../hub/read-hub-secret.ts'
import type { KubernetesObject } from '../ports/cluster.ts'
import { sealedValueOf, unsealingOf } from '../hub/unsealing.ts'

/** The inputs to the state of the push credential. */
export type ToObserve = Readonly<{
  config: Configuration
  /** The tree of the base branch or HEAD, and where sower.yaml is in it. */
  tree: RepositoryTree
  base: string
  /** Null where no image is asked for, so that nothing can be checked for one. */
  image: string | null
  run: Pick<Run, 'phase'> | null
  onSeed: Seen<true>
  usedAt: string | null
}>

/** Looks at the SealedSecret in Git and, through `hub` where there is one, at what became of it. */
export const observeSecret = async (
  hub: ReadingHub | null,
  { config, tree, base, image, run, onSeed, usedAt }: ToObserve,
): Promise<SecretObservation> => {
  const { namespace, name } = config.secret
  const sealed = hub
    ? await hub.ports.hub.read({
        apiVersion: 'bitnami.com/v1alpha1',
        kind: 'SealedSecret',
        namespace,
        name,
      })
    : unknown('unreachable')
  const isUnsealed = sealed.seen === 'present' && unsealingOf(sealed.value).state === 'unsealed'
  return {
    inGit: sealedInGit({ config, tree, base }),
    onHub:
      sealed.seen === 'present'
        ? present({ sealedAt: sealedAtOf(sealed.value), isUnsealed })
        : sealed,
    checked:
      hub && image !== null && isUnsealed
        ? await readHubSecret(hub, { config, image })
        : unknown('unreachable'),
    onSeed,
    generation: generationOf(run),
    usedAt,
  }
}

/** Absent also where the file holds no SealedSecret, which `sower inspect` explains. */
const sealedInGit = ({
  config,
  tree,
  base,
}: Pick<ToObserve, 'config' | 'tree' | 'base'>): SecretObservation['inGit'] => {
  const path = posix.join(base, config.secret.file)
  if (tree.entry(path) !== 'file') return absent
  const read = readSealedSecret(textAt(tree, path))
  if (!('notes' in read)) return absent
  return present({ sealedAt: read.isIntact ? (read.notes.sealedAt ?? null) : null })
}

/** The note counts only while its digest shows that it is of this value. */
const sealedAtOf = (object: KubernetesObject): string | null => {
  const { annotations = {} } = object.metadata
  const sealed = sealedValueOf(object, names.authKey)
  const isIntact =
    sealed !== undefined && annotations[noteNames.ciphertextSha256] === digestOf(sealed)
  return isIntact ? (annotations[noteNames.sealedAt] ?? null) : null
}

const generationOf = (run: Pick<Run, 'phase'> | null): SecretObservation['generation'] => {
  if (run === null || isEnded(run.phase)) return 'none'
  if (run.phase === 'Generating') return 'under way'
  return run.phase === 'Verifying' || run.phase === 'CleaningUp' ? 'over' : 'none'
}
