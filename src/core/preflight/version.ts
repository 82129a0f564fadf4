/** A version of a product, such as `4.18.5`; what follows the numbers does not count. */
export type Version = readonly [major: number, minor: number, patch: number]

/** Reads the first version in a text, such as the name of a ClusterServiceVersion; undefined where there is none. */
export const version = (text: string): Version | undefined => {
  const found = /(?<!\d)(\d+)\.(\d+)(?:\.(\d+))?/.exec(text)
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined
}

/** Tells whether a version is as new as another, or newer. */
export const isAtLeast = (one: Version, other: Version): boolean => {
  const [major, minor, patch] = [one[0] - other[0], one[1] - other[1], one[2] - other[2]]
  return (major || minor || patch) >= 0
}

/** `4.22` of `4.22.1`. */
export const minorOf = ([major, minor]: Version): string => `${major}.${minor}`
