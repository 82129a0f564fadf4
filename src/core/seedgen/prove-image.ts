import type { SeedImage } from '../run/observation.ts'

/** The format that every Lifecycle Agent release writes and every target demands (consts.go:143-146). */
const seedFormat = '4'

/** Whether an image in the registry is the result of this run, and if not, why. */
export const proveImage = (
  image: SeedImage,
  { cluster, digestBefore }: Readonly<{ cluster: string; digestBefore: string | null }>,
): Readonly<{ isProven: boolean; problem: string }> => {
  if (image.digest === digestBefore)
    return refused(`the tag still points to ${image.digest}, which was there before the run`)
  if (image.format !== seedFormat)
    return refused(`its seed format label is ${image.format ?? 'missing'}, not ${seedFormat}`)
  if (image.cluster !== cluster)
    return refused(`its label names the cluster ${image.cluster ?? '(none)'}, not ${cluster}`)
  return { isProven: true, problem: '' }
}

const refused = (problem: string): Readonly<{ isProven: boolean; problem: string }> => ({
  isProven: false,
  problem,
})
