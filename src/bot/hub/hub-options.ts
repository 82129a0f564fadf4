import { optionValues } from '../option-values.ts'

const { named, oneOf } = optionValues

/** The options of `sower bot` that say which hub it is on, and where runs are kept. */
export const hubOptions = {
  kubeconfig: named.optional().meta({
    value: '<file>',
    help: 'the hub; default: the service account of the pod (SOWER_KUBECONFIG)',
    variable: 'SOWER_KUBECONFIG',
  }),
  context: named.optional().meta({
    value: '<name>',
    help: 'the context of that kubeconfig; default: its current one (SOWER_CONTEXT)',
    variable: 'SOWER_CONTEXT',
  }),
  runs: oneOf('hub', 'files').optional().meta({
    value: '<where>',
    help: 'hub: SeedRuns, and a Lease that lets one bot act; files: in --data; default: files with --kubeconfig, else hub',
    variable: 'SOWER_RUNS',
  }),
  namespace: named.meta({
    value: '<namespace>',
    short: '-n',
    help: 'the hub namespace for the SeedRuns and the saved access',
    variable: 'SOWER_NAMESPACE',
    standard: 'sower',
  }),
}
