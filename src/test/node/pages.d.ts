// The two libraries of the pages, which come as scripts and not as modules.
declare var Chart: any;

declare namespace Paho {
  type Client = any;
  type Message = any;
}
declare var Paho: { Client: any; Message: any };
