/** The image that a run proved, as `seedImageRef` of an upgrade takes it. */
export type SeedImageRef = Readonly<{ image: string; version: string }>

/** A path of keys in an object. */
export type FieldPath = readonly string[]

/** A manifest that sower.yaml names under `promote`. */
export type PromoteEntry = Readonly<{
  file: string
  /** Only for images of this seed; without it, of every one. */
  seed?: string | undefined
  /** Where image and version stand in a kind that has no such fields of its own. */
  image?: FieldPath | undefined
  version?: FieldPath | undefined
}>

/** A field that is set: the path, what stood there, and what stands there now. */
export type SetField = Readonly<{ path: FieldPath; from: string; to: string }>

/** The edit of one manifest. */
export type Promotion = Readonly<{
  file: string
  group: string
  kind: string
  name: string
  /** The whole file after the edit. */
  text: string
  /** The fields that differ; none where the manifest names this image already. */
  fields: readonly SetField[]
}>

/** A path as people write it. */
export const shownPath = (path: FieldPath): string => path.join('.')
