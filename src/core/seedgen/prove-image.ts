/** The format that every Lifecycle Agent release writes and every target demands (consts.go:143-146). */
const seedFormat = '4'

/** The values that the image of a run must carry; a value that was not seen is not compared. */
type Wanted = Readonly<{
  cluster: string
  /** The image that was asked for: a tag that begins with a version declares it. */
  image: string
  digestBefore: string | null
  /** The traits of the seed before the generation. */
  seed?: SeedTraits | undefined
}>

/** The traits of a seed that its image repeats (lifecycle-agent seedclusterinfo.go:18-113). */
export type SeedTraits = Readonly<{
  version?: string | undefined
  hasProxy?: boolean | undefined
  hasFips?: boolean | undefined
}>

/** Proves that an image in the registry is the result of this run, or gives each mismatch with both values. */
export const proveImage = (
  image: SeedImage,
  { cluster, image: reference, digestBefore, seed = {} }: Wanted,
): Readonly<{ isProven: boolean; reason: string }> => {
  if (image.digest === digestBefore)
    return refused(`the tag still points to ${image.digest}, which was there before the run`)
  if (image.format !== seedFormat)
    return refused(`its seed format label is ${image.format ?? 'missing'}, not ${seedFormat}`)
  if (image.cluster !== cluster)
    return refused(`its label names the cluster ${image.cluster ?? '(none)'}, not ${cluster}`)
  const version = image.version ?? null
  if (seed.version !== undefined && version !== seed.version)
    return refused(
      `its label names OpenShift ${version ?? '(none)'}, and the seed ran ${seed.version}`,
    )
  const tag = tagOf(reference)
  if (declaresVersion.test(tag) && !isDeclaredBy(tag, version))
    return refused(`its label names OpenShift ${version ?? '(none)'}, and the tag says ${tag}`)
  for (const [what, is, was] of [
    ['a proxy', image.hasProxy, seed.hasProxy],
    ['FIPS mode', image.hasFips, seed.hasFips],
  ] as const)
    if (was !== undefined && (is ?? null) !== was)
      return refused(
        `its label says ${said(is)} to ${what}, and the seed had ${was ? 'it' : 'none'}`,
      )
  return { isProven: true, reason: '' }
}

const said = (value: boolean | null | undefined): string =>
  value === true ? 'yes' : value === false ? 'no' : 'nothing'

const tagOf = (reference: string): string => reference.slice(reference.lastIndexOf(':') + 1)

const declaresVersion = /^v?\d+\.\d+\.\d+/

/** A tag may say more than the version, such as a build: `4.18.5-2`. */
const isDeclaredBy = (tag: string, version: string | null): boolean => {
  const declared = tag.replace(/^v/, '')
  return (
    version !== null &&
    declared.startsWith(version) &&
    !/^[0-9]/.test(declared.slice(version.length))
  )
}

const refused = (reason: string): Readonly<{ isProven: boolean; reason: string }> => ({
  isProven: false,
  reason,
})
export type SeedImage = Readonly<{
  digest: string
  /** Label com.openshift.lifecycle-agent.seed_format_version. */
  format: string | null
  /** cluster_name of label com.openshift.lifecycle-agent.seed_cluster_info. */
  cluster: string | null
  /** seed_cluster_ocp_version of the same label. */
  version?: string | null
  /** has_proxy and has_fips of the same label; null where it does not say. */
  hasProxy?: boolean | null
  hasFips?: boolean | null
}>
