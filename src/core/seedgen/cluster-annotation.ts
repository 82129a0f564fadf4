/** The annotation that ties a SeedGenerator to its cluster. */
export const clusterAnnotation = 'sower.dev/cluster'
