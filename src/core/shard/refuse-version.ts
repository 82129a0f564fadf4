/**
 * Why a kustomize is not given shards; null where it is. `version` is what it says of itself. Order, references and
 * the cost of a build were compared from 5.0.0 to 5.8.1; of a later one nobody knows whether plain is not faster.
 */
export const refuseVersion = (version: string): string | null =>
  /(?:^|\s)v5\.[0-8]\.\d+(?:\s|$)/.test(version)
    ? null
    : `${version} is none of the versions that were compared, 5.0 to 5.8`
