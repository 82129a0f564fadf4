/** The format that every Lifecycle Agent release writes and every target demands (consts.go:143-146). */
const seedFormat = '4'

/** Whether an image in the registry is the result of this run, and if not, why. */
export const proveImage = (
  image: SeedImage,
  { cluster, digestBefore }: Readonly<{ cluster: string; digestBefore: string | null }>,
): Readonly<{ isProven: boolean; reason: string }> => {
  if (image.digest === digestBefore)
    return refused(`the tag still points to ${image.digest}, which was there before the run`)
  if (image.format !== seedFormat)
    return refused(`its seed format label is ${image.format ?? 'missing'}, not ${seedFormat}`)
  if (image.cluster !== cluster)
    return refused(`its label names the cluster ${image.cluster ?? '(none)'}, not ${cluster}`)
  return { isProven: true, reason: '' }
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
}>
