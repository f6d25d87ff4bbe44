def send(message: Message) -> None:
    """Send it."""
    try:
        client.send(message)
    except TimeoutError:
        retry(message)
    except ConnectionError:
        give_up(message)
    finally:
        client.close()
