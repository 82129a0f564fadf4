import { reasonOf } from './compare-equal.ts'
import type { Compared } from './compared.ts'
import type { ExtraRow } from './rows/equal-row.ts'
import { listed } from './value.ts'
import { contentOf, objectName } from './rows/object-lines.ts'
import { objectsOf, type Fact, type Side } from './side.ts'
import type { ReadObject } from '../preflight/query.ts'

/** The settings for extra manifests in sower.yaml. */
export type ExtraSettings = Readonly<{
  /** `Kind namespace/name` of objects that may be in the seed image. */
  accept: readonly string[]
  /** The ConfigMap for what a target gets, `namespace/name`. */
  configMap: string
}>

/** Says what of a row a target has to get after its upgrade, and what the seed would bring to every target. */
export const compareExtra = (
  row: ExtraRow,
  sides: Readonly<{ seed: Side; target: Side }>,
  { accept, configMap }: ExtraSettings,
): Compared => {
  const [seed, target] = [meant(row, sides.seed, accept), meant(row, sides.target, accept)]
  const [onSeed, onTarget] = [known(seed), known(target)]
  const isShared = (object: ReadObject, others: readonly ReadObject[]): boolean =>
    row.mayBeShared &&
    others.some(
      other => objectName(other) === objectName(object) && contentOf(other) === contentOf(object),
    )
  const extra = onTarget.filter(object => !isShared(object, onSeed)).map(objectName)
  const brought = onSeed.filter(object => !isShared(object, onTarget)).map(objectName)
  const about = {
    ...({ id: row.id, level: 'warn', agent: null, seed: null, target: null } as const),
    extraManifests: extra.map(object => ({ object, configMap })),
  }
  if (extra.length + brought.length > 0)
    return {
      ...about,
      status: 'fail',
      reason: [
        extra.length > 0
          ? `becomes an extra manifest in ConfigMap ${configMap}: ${listed(extra)}`
          : '',
        brought.length > 0 ? `the seed would bring it to every target: ${listed(brought)}` : '',
      ]
        .filter(part => part !== '')
        .join('; '),
      fix: [
        extra.length > 0 ? 'list the ConfigMap under `extraManifests` of the upgrade' : '',
        brought.length > 0 ? 'delete it on the seed, or name it under `accept` in sower.yaml' : '',
      ]
        .filter(part => part !== '')
        .join('; '),
    }
  const open = [seed, target].flatMap(fact => (fact.isKnown ? [] : [fact]))
  const [silent] = open
  if (silent)
    return {
      ...about,
      status: 'unknown',
      reason: reasonOf(open),
      fix: silent.fix,
    }
  return {
    ...about,
    status: 'pass',
    reason: onSeed.length > 0 ? `the same on both: ${listed(onSeed.map(objectName))}` : 'none',
    fix: '',
  }
}

const known = (fact: Fact<readonly ReadObject[]>): readonly ReadObject[] =>
  fact.isKnown ? fact.value : []

const meant = (
  row: ExtraRow,
  side: Side,
  accept: readonly string[],
): Fact<readonly ReadObject[]> => {
  const fact = side.expected ? noObjects : objectsOf(row.query, side)
  if (!fact.isKnown) return fact
  return {
    ...fact,
    value: fact.value.filter(object => row.isMeant(object) && !accept.includes(objectName(object))),
  }
}

/** No objects, as for the expectations in sower.yaml: only objects of the seed count then. */
const noObjects: Fact<readonly ReadObject[]> = { isKnown: true, value: [], from: 'sower.yaml' }
