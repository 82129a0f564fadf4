import { z } from 'zod'
import { configurationModel } from './configuration.ts'

/**
 * The JSON Schema of `sower.yaml`, for editors: what a person may write, before standard values are filled in. It is made
 * from the model that reads the file; rules that JSON Schema cannot say are left to the reading.
 */
export const configurationSchema = (): object => ({
  ...z.toJSONSchema(configurationModel, { io: 'input', target: 'draft-7', unrepresentable: 'any' }),
  title: 'sower.yaml',
})
