/** What a program needs that starts this one with options of its own beside it. */
export { nearest } from "./nearest";
export {
  type OptionValues,
  type Program,
  parseOptions,
  readWhole,
  UsageError,
} from "./options";
export { PortError, portError, tryPort } from "./port";
export {
  dataFlags,
  dataOptions,
  dataValues,
  readDataSettings,
  readSettings,
  type Settings,
  usage,
} from "./settings";
