import { blocking, type Check } from './check.ts'

/** The checks of a cluster summed up in one sentence with their numbers. */
export const verdictOf = (cluster: string, checks: readonly Check[]): string => {
  const stopping = blocking(checks)
  const failed = stopping.filter(({ status }) => status === 'fail').length
  const open = stopping.length - failed
  const passed = checks.filter(({ status }) => status === 'pass').length
  const counts = `${failed} blocking, ${open} without an answer, ${passed} of ${checks.length} passed`
  if (failed > 0) return `${cluster} is not ready for a seed generation: ${counts}`
  return open > 0
    ? `nothing is known to block the seed generation of ${cluster}: ${counts}`
    : `${cluster} is ready for a seed generation: ${counts}`
}
