/** The one key of the Secret that the Lifecycle Agent reads (seedgen_controller.go:798-823). */
export const authKey = 'seedAuth'
