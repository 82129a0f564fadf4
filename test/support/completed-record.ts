/** The text of a record as a completed run leaves it. */
export const completedRecord = (
  cluster: string,
  finishedAt: string,
): string => `apiVersion: sower.dev/v1alpha1
kind: SeedRecord
cluster: ${cluster}
image: quay.io/org/seed:4.18
status: completed
request: abc
pullRequest: 7
mergedAs: ${'a'.repeat(40)}
detached: null
digest: sha256:${'a'.repeat(64)}
finishedAt: '${finishedAt}'
`
