import { RefusedError } from '../../errors.ts'
import { groupOf } from '../cluster/object-identity.ts'
import { bytesAt, type RepositoryTree } from '../repository-tree.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { promotedKinds, type PromotedKind } from './promoted-kinds.ts'
import type { FieldPath, PromoteEntry, Promotion, SeedImageRef } from './promotion.ts'
import { readManifests, refusalOf, setFields } from './set-fields.ts'

/** Matches a value that needs no quotes; a reference with a scheme, a user or a blank does not match. */
const harmless = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/

/**
 * Plans to set the image and the version of a proven image in one manifest file, which holds exactly one object that takes it.
 * Throws RefusedError UPGRADE_UNDER_WAY unless an ImageBasedUpgrade is Idle, MANIFEST_UNSUPPORTED and EDIT_NOT_PROVEN.
 */
export const planPromotion = (
  tree: RepositoryTree,
  entry: PromoteEntry,
  { image, version }: SeedImageRef,
): Promotion => {
  const { file } = entry
  const refuse = refusalOf(file)
  if (![image, version].every(text => harmless.test(text)))
    throw refuse('the record names an image or a version with characters that none has')
  const text = textIn(tree, file)
  const documents = readManifests(file, text)
  const found = documents.flatMap(({ value }, at) => {
    const kind = kindOf(value)
    return kind === undefined ? [] : [{ kind, value, at }]
  })
  const [first, second] = found
  if (!first || second)
    throw refuse(
      `it has ${first ? 'several' : 'none'} of the kinds ${promotedKinds.map(({ kind }) => kind).join(', ')}, and one is wanted`,
    )
  const { kind, value, at } = first
  const name = textOf(fieldsOf(fieldsOf(value).get('metadata')), 'name')
  refuseUnlessIdle(file, { kind, value })
  const paths = fieldsIn(entry, kind)
  if (paths === null)
    throw refuse(
      `a ${kind.kind} has no field for a seed image of its own, and sower.yaml does not say both \`image\` and \`version\``,
    )
  const edited = setFields({ file, text, documents }, at, [
    { path: paths.image, to: image },
    { path: paths.version, to: version },
  ])
  return { file, group: kind.group, kind: kind.kind, name, ...edited }
}

const textIn = (tree: RepositoryTree, file: string): string => {
  if (tree.entry(file) !== 'file') throw refusalOf(file)('it is not a plain file')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytesAt(tree, file, limit),
    )
  } catch (error) {
    if (error instanceof RefusedError) throw error
    throw refusalOf(file)('it is not UTF-8')
  }
}

const limit = 1_000_000

const kindOf = (value: unknown): PromotedKind | undefined => {
  const fields = fieldsOf(value)
  const group = groupOf(textOf(fields, 'apiVersion'))
  return promotedKinds.find(known => known.group === group && known.kind === fields.get('kind'))
}

const fieldsIn = (
  { image, version }: PromoteEntry,
  { ref }: PromotedKind,
): Readonly<{ image: FieldPath; version: FieldPath }> | null => {
  if (image !== undefined && version !== undefined) return { image, version }
  return ref && { image: [...ref, 'image'], version: [...ref, 'version'] }
}

/** The API server refuses another image outside of Idle, and the target may be in the middle of it. */
const refuseUnlessIdle = (
  file: string,
  { kind: { kind, stage }, value }: Readonly<{ kind: PromotedKind; value: unknown }>,
): void => {
  if (stage === null) return
  const says = stage.reduce<unknown>((at, key) => fieldsOf(at).get(key), value)
  if (says === 'Idle') return
  throw new RefusedError(
    'UPGRADE_UNDER_WAY',
    `promoting in ${file}: the ${kind} says ${stage.join('.')}: ${typeof says === 'string' ? says : 'nothing'}`,
    { fix: 'end the upgrade and commit `stage: Idle`, then ask again' },
  )
}
