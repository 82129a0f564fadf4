/**
 * The checks that upstream code and documents ask for before a seed image is made, by the ids that the tables give in
 * `source`: G of Git, H of the hub, S of the seed, R of the registry, A of Argo CD, and the names of what the Lifecycle
 * Agent rejects or waits for.
 */
export const upstreamIds: readonly string[] = [
  ...['G1', 'G2', 'G3', 'G4', 'G5', 'G6'],
  ...Array.from({ length: 17 }, (_, index) => `H${index + 1}`),
  ...Array.from({ length: 29 }, (_, index) => `S${index + 1}`),
  ...['R1', 'R2', 'R3', 'R4', 'R5'],
  ...Array.from({ length: 14 }, (_, index) => `A${index + 1}`),
  ...['topology', 'health', 'csv', 'csr', 'sriov', 'version', 'lca', 'idle', 'storage-off'],
  ...['storageclass', 'oadp', 'containers', 'dnsmasq', 'pull-secret', 'not-a-hub', 'addons'],
  ...['server-name', 'residue'],
]
