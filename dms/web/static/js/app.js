// Starts what a page asks for. Every page also works without any of this.
import { desk } from "./desk.js";
import { openDialogs } from "./dialogs.js";
import { listenToKeys } from "./keys.js";
import { sideways } from "./sideways.js";
import { begin, focusFirst } from "./start.js";

begin(document);
desk();
openDialogs();
listenToKeys();
sideways(document);
focusFirst();
