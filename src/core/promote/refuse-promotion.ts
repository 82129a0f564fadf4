import { objectIdentity, shownIdentity } from '../cluster/object-identity.ts'
import { readRender, type RenderedObject } from '../render/rendered-object.ts'
import { isDeepEqual } from '../yaml/is-deep-equal.ts'
import { shownPath, type Promotion } from './promotion.ts'
import { withField } from './with-field.ts'

/** Renders of one root before and after. */
export type RootRenders = Readonly<{ root: string; before: string; after: string }>

/**
 * Says why the renders of a root differ in anything but exactly the fields that are set; null where they do not. Every
 * promotion of this root must be seen in it. Throws as reading a render does.
 */
export const refusePromotion = (
  { root, before, after }: RootRenders,
  promotions: readonly Promotion[],
): string | null => {
  const [old, now] = [readRender(before), readRender(after)]
  if (old.length !== now.length) return `${root} would render another number of objects`
  const changed = old.flatMap((object, index) => {
    const other = now[index]
    return other === undefined || other.text === object.text ? [] : [{ object, other }]
  })
  for (const { object, other } of changed)
    if (!promotions.some(promotion => isPromoted({ object, other }, promotion)))
      return `${root} would render ${shownIdentity(objectIdentity(other.value()))} otherwise in more than its image and version`
  const unseen = promotions.find(promotion => !changed.some(pair => isPromoted(pair, promotion)))
  return unseen === undefined
    ? null
    : `${root} lists ${unseen.file}, but does not render what it says at ${unseen.fields.map(({ path }) => shownPath(path)).join(' and ')}: a patch, for example, sets it`
}

type Pair = Readonly<{ object: RenderedObject; other: RenderedObject }>

const isPromoted = ({ object, other }: Pair, { group, kind, fields }: Promotion): boolean =>
  object.group === group &&
  object.kind === kind &&
  isDeepEqual(
    fields.reduce((value, field) => withField(value, field), object.value()),
    other.value(),
  )
