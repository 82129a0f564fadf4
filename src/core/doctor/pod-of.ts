import { field, textAt } from '../preflight/field.ts'

/** Tells whether the bot does rounds that a CronJob begins. */
export const isRounds = (workload: unknown): boolean => textAt(workload, 'kind') === 'CronJob'

/** The pod's specification of a Deployment or a CronJob. */
export const podOf = (workload: unknown): unknown =>
  isRounds(workload)
    ? field(workload, 'spec', 'jobTemplate', 'spec', 'template', 'spec')
    : field(workload, 'spec', 'template', 'spec')
